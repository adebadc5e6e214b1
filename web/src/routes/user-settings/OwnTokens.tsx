// One's own access tokens.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sessionQuery } from "../../api/queries.ts";
import { ownTokensQuery } from "../../api/settings.ts";
import { createOwnToken, revokeOwnToken, rotateOwnToken } from "../../api/tokens.ts";
import { useTitle } from "../../components/parts.tsx";
import { type TokenState, Tokens } from "../../components/Tokens.tsx";

export function OwnTokens() {
  useTitle("Access tokens");
  const { data: session } = useQuery(sessionQuery);
  const [state, setState] = useState<TokenState>("active");
  const list = useInfiniteQuery(ownTokensQuery(session?.id ?? 0, state));
  return (
    <Tokens
      about="Programs that log as you show one. It may do what you may, as far as its scopes go. For a CI job, make one of the project instead, or let the project trust the job."
      list={list}
      state={state}
      setState={setState}
      create={createOwnToken}
      rotate={rotateOwnToken}
      revoke={revokeOwnToken}
    />
  );
}
