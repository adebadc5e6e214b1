// Members of a project or a group: who they are, where their role comes from, and what can be changed about it.

import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addMember, type Member, type Place, removeMember, updateMember } from "../api/places.ts";
import { sessionQuery } from "../api/queries.ts";
import { membersQuery } from "../api/settings.ts";
import { untilDay } from "../lib/days.ts";
import { roleName } from "../lib/role.ts";
import { ConfirmDialog } from "./ConfirmDialog.tsx";
import { Icon } from "./Icon.tsx";
import { MemberDialog, type Membership } from "./MemberDialog.tsx";
import { Menu } from "./Menu.tsx";
import { MoreButton } from "./MoreButton.tsx";
import { Badge, Failure, Scroll, SkeletonRows } from "./parts.tsx";
import { SearchField } from "./SearchField.tsx";
import { Section } from "./SettingsFrame.tsx";
import { toast } from "./toast.tsx";

interface Props {
  place: Place;
  /** One's own role there. */
  level: number;
  /** Whether one may change members at all. */
  manages: boolean;
  /** Where to go after leaving. */
  left: () => Promise<unknown>;
}

type Asked = { kind: "add" } | { kind: "change" | "remove"; member: Member };

export function Members({ place, level, manages, left }: Props) {
  const [search, setSearch] = useState("");
  const [asked, setAsked] = useState<Asked>();
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const list = useInfiniteQuery(membersQuery(place, search || undefined));
  const members = list.data?.pages.flatMap((page) => page.items) ?? [];
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["members"] }),
      client.invalidateQueries({ queryKey: [place.kind] }),
    ]);
  const own = (member: Member) => member.id === session?.id;
  const remove = async (member: Member) => {
    await removeMember(place, member.id);
    toast(own(member) ? `You have left ${place.path}` : `${member.username} is no member any more`);
    if (own(member)) await left();
    await refresh();
  };
  return (
    <>
      <Section
        title="Members"
        about={`Who may do what in this ${place.kind}. A role in a group is one in everything inside it; the highest counts.`}
        action={
          manages && (
            <button type="button" className="button primary small" onClick={() => setAsked({ kind: "add" })}>
              <Icon name="plus" size={14} /> Add member
            </button>
          )
        }
      >
        <div>
          <SearchField label="Search members" value={search} change={setSearch} />
        </div>
      </Section>
      {list.isPending && <SkeletonRows rows={4} />}
      {list.isError && (
        <Failure error={list.error} retry={() => void list.refetch()} what="list of members" />
      )}
      {list.data && members.length === 0 && (
        <p className="quiet">{search ? `Nobody has “${search}” in their name.` : "There are no members."}</p>
      )}
      {members.length > 0 && (
        <Scroll card label="Members">
          <table className="data">
            <thead>
              <tr>
                <th>Member</th>
                <th>Role</th>
                <th>From</th>
                <th>Ends</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {members.map((member) => (
                <Row
                  key={member.id}
                  member={member}
                  own={own(member)}
                  changeable={manages && member.access_level <= level}
                  change={() => setAsked({ kind: "change", member })}
                  remove={() => setAsked({ kind: "remove", member })}
                />
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      <MoreButton query={list} />
      {asked && asked.kind !== "remove" && (
        <MemberDialog
          member={asked.kind === "change" ? asked.member : undefined}
          upTo={level}
          close={() => setAsked(undefined)}
          submit={async ({ username, ...membership }: Membership) => {
            if (asked.kind === "change" && asked.member.inherited_from === null)
              await updateMember(place, asked.member.id, membership);
            else await addMember(place, username, membership);
            toast(`${username} is ${roleName(membership.access_level)}`);
            await refresh();
          }}
        />
      )}
      {asked?.kind === "remove" && (
        <ConfirmDialog
          title={own(asked.member) ? `Leave ${place.path}?` : `Remove ${asked.member.username}?`}
          verb={own(asked.member) ? "Leave" : "Remove"}
          close={() => setAsked(undefined)}
          submit={() => remove(asked.member)}
        >
          {own(asked.member)
            ? "You see it no longer, unless it is public or you are in a group above. What you logged stays."
            : "The rights end at once. What was logged stays."}
        </ConfirmDialog>
      )}
    </>
  );
}

interface RowProps {
  member: Member;
  own: boolean;
  changeable: boolean;
  change: () => void;
  remove: () => void;
}

/** Each token of a project or group acts as a member of its own, which comes and goes with it. */
const isBot = (member: Member) => /^(project|group)_\d+_bot_/.test(member.username);

function Row({ member, own, changeable, change, remove }: RowProps) {
  const direct = member.inherited_from === null;
  const bot = isBot(member);
  const actions = bot
    ? []
    : [
        ...(changeable ? [{ label: direct ? "Change…" : "Give a higher role here…", run: change }] : []),
        ...(direct && own ? [{ label: "Leave…", run: remove, danger: true, apart: changeable }] : []),
        ...(direct && changeable && !own
          ? [{ label: "Remove…", run: remove, danger: true, apart: true }]
          : []),
      ];
  return (
    <tr>
      <th scope="row">
        <span className="who">
          <span>
            {member.name} {own && <Badge>you</Badge>} {bot && <Badge>token</Badge>}{" "}
            {member.state === "blocked" && <Badge tone="bad">blocked</Badge>}
          </span>
          {!bot && <span className="quiet mono">{member.username}</span>}
        </span>
      </th>
      <td>{roleName(member.access_level)}</td>
      <td>{direct ? <span className="quiet">here</span> : <Source path={member.inherited_from ?? ""} />}</td>
      <td>
        {member.expires_at === null ? (
          <span className="quiet">never</span>
        ) : untilDay(member.expires_at) === "soon" ? (
          <Badge tone="warn">{member.expires_at}</Badge>
        ) : (
          member.expires_at
        )}
      </td>
      <td className="num">
        {actions.length > 0 && (
          <Menu
            trigger={
              <button
                type="button"
                className="button icon plain small"
                aria-label={`Actions on ${member.username}`}
              >
                <Icon name="more" />
              </button>
            }
            actions={actions}
          />
        )}
      </td>
    </tr>
  );
}

function Source({ path }: { path: string }) {
  return (
    <span className="wrap-any" title={`The role comes from ${path}`}>
      {path}
    </span>
  );
}
