// Access tokens of somebody, a project or a group: the list, a new one, another in the place of an old one, the end of one.

import { type InfiniteData, type UseInfiniteQueryResult, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { RestPage } from "../api/paging.ts";
import type { NewToken, Token } from "../api/tokens.ts";
import { dayAfter, untilDay } from "../lib/days.ts";
import { plural } from "../lib/format.ts";
import { roleName } from "../lib/role.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { FormDialog } from "./Dialog.tsx";
import { TextField } from "./Field.tsx";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";
import { MoreButton } from "./MoreButton.tsx";
import { Badge, Failure, Scroll, SkeletonRows, Time } from "./parts.tsx";
import { Section } from "./SettingsFrame.tsx";
import { TokenForm } from "./TokenForm.tsx";
import { TokenSecret } from "./TokenSecret.tsx";
import { toast } from "./toast.tsx";

export type TokenState = "active" | "inactive";

interface Props {
  about: string;
  list: UseInfiniteQueryResult<InfiniteData<RestPage<Token>>>;
  state: TokenState;
  setState: (state: TokenState) => void;
  /** One's own role where the tokens act; none for one's own tokens. */
  upTo?: number;
  /** The tracking address, of a project's tokens. */
  uri?: string;
  create: (wish: NewToken & { access_level?: number }) => Promise<Token>;
  rotate: (id: number, ends: string) => Promise<Token>;
  revoke: (id: number) => Promise<unknown>;
}

type Asked = { kind: "rotate" | "revoke"; token: Token };

export function Tokens(props: Props) {
  const { about, list, state, setState, upTo, uri, create, rotate, revoke } = props;
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Token>();
  const [asked, setAsked] = useState<Asked>();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: ["tokens"] });
  const tokens = list.data?.pages.flatMap((page) => page.items) ?? [];
  const show = async (token: Token) => {
    setMade(token);
    setMaking(false);
    await refresh();
  };
  return (
    <>
      {made && <TokenSecret key={made.id} made={made} uri={uri} done={() => setMade(undefined)} />}
      <Section
        title={making ? "New token" : "Access tokens"}
        about={making ? undefined : about}
        action={
          making ? undefined : (
            <button type="button" className="button primary small" onClick={() => setMaking(true)}>
              <Icon name="plus" size={14} /> New token
            </button>
          )
        }
      >
        {making ? (
          <TokenForm
            upTo={upTo}
            cancel={() => setMaking(false)}
            create={async (wish) => show(await create(wish))}
          />
        ) : (
          <StateChoice state={state} setState={setState} />
        )}
      </Section>
      {list.isPending && <SkeletonRows rows={3} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} what="list of tokens" />}
      {list.data && tokens.length === 0 && (
        <p className="quiet">{state === "active" ? "No token is in force." : "No token has ended."}</p>
      )}
      {tokens.length > 0 && <TokenTable tokens={tokens} ask={state === "active" ? setAsked : undefined} />}
      <MoreButton query={list} />
      {asked?.kind === "rotate" && (
        <RotateDialog
          token={asked.token}
          close={() => setAsked(undefined)}
          rotate={async (ends) => show(await rotate(asked.token.id, ends))}
        />
      )}
      {asked?.kind === "revoke" && (
        <ConfirmDialog
          title={`Revoke ${asked.token.name}?`}
          verb="Revoke"
          close={() => setAsked(undefined)}
          submit={async () => {
            await revoke(asked.token.id);
            toast(`Revoked ${asked.token.name}`);
            await refresh();
          }}
        >
          Whatever uses it is refused from that moment on. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  );
}

function StateChoice({ state, setState }: Pick<Props, "state" | "setState">) {
  return (
    <div className="row" role="group" aria-label="Which tokens">
      {(["active", "inactive"] as const).map((one) => (
        <button
          key={one}
          type="button"
          className="button small"
          aria-pressed={state === one}
          onClick={() => setState(one)}
        >
          {one === "active" ? "In force" : "Ended"}
        </button>
      ))}
    </div>
  );
}

function TokenTable({ tokens, ask }: { tokens: Token[]; ask?: (asked: Asked) => void }) {
  const withRole = tokens.some((token) => token.access_level !== undefined);
  return (
    <Scroll card label={plural(tokens.length, "token")}>
      <table className="data">
        <thead>
          <tr>
            <th>Name</th>
            {withRole && <th>Role</th>}
            <th>Scopes</th>
            <th>Last used</th>
            <th>Ends</th>
            <th className="only-large">Made</th>
            {ask && (
              <th>
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <th scope="row">{token.name}</th>
              {withRole && <td>{roleName(token.access_level ?? 0)}</td>}
              <td className="mono">{token.scopes.join(", ")}</td>
              <td>
                {token.last_used_at ? (
                  <Time at={Date.parse(token.last_used_at)} />
                ) : (
                  <span className="quiet">never</span>
                )}
              </td>
              <td>
                <Ends token={token} />
              </td>
              <td className="only-large">
                <Time at={Date.parse(token.created_at)} />
              </td>
              {ask && (
                <td className="num">
                  <Menu
                    trigger={
                      <button
                        type="button"
                        className="button icon plain small"
                        aria-label={`Actions on ${token.name}`}
                      >
                        <Icon name="more" />
                      </button>
                    }
                    actions={[
                      { label: "Rotate…", run: () => ask({ kind: "rotate", token }) },
                      {
                        label: "Revoke…",
                        run: () => ask({ kind: "revoke", token }),
                        danger: true,
                        apart: true,
                      },
                    ]}
                  />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Ends({ token }: { token: Token }) {
  if (token.revoked) return <Badge tone="bad">revoked</Badge>;
  if (!token.expires_at) return <>never</>;
  const state = untilDay(token.expires_at);
  if (state === "later") return <>{token.expires_at}</>;
  return <Badge tone={state === "past" ? "" : "warn"}>{token.expires_at}</Badge>;
}

function RotateDialog({
  token,
  close,
  rotate,
}: {
  token: Token;
  close: () => void;
  rotate: (ends: string) => Promise<unknown>;
}) {
  const [ends, setEnds] = useState(dayAfter(30));
  return (
    <FormDialog
      title={`Rotate ${token.name}?`}
      verb="Rotate"
      valid={ends !== ""}
      close={close}
      submit={() => rotate(ends)}
    >
      <p>A new token of the same name and scopes takes its place. The old one ends at once.</p>
      <TextField
        label="The new one ends on"
        type="date"
        value={ends}
        change={setEnds}
        min={dayAfter(1)}
        max={dayAfter(365)}
      />
    </FormDialog>
  );
}
