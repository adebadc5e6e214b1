// The access tokens of a project.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useRole, useTrackingUri } from "../../api/access.ts";
import { createPlaceToken, type Place, revokePlaceToken, rotatePlaceToken } from "../../api/places.ts";
import { placeTokensQuery } from "../../api/settings.ts";
import { useTitle } from "../../components/parts.tsx";
import { type TokenState, Tokens } from "../../components/Tokens.tsx";
import { pathOf } from "../../lib/project.ts";
import { MAINTAINER } from "../../lib/role.ts";

export function ProjectTokens() {
  const { project = "" } = useParams({ strict: false });
  useTitle(`Access tokens · ${pathOf(project)}`);
  const level = useRole() ?? MAINTAINER;
  const uri = useTrackingUri();
  const [state, setState] = useState<TokenState>("active");
  const place: Place = { kind: "project", path: pathOf(project) };
  const list = useInfiniteQuery(placeTokensQuery(place, state));
  return (
    <Tokens
      about="For jobs and services: each acts as a member of its own, in this project and nowhere else, and stays when people leave."
      list={list}
      state={state}
      setState={setState}
      upTo={level}
      uri={uri}
      create={(wish) => createPlaceToken(place, { access_level: level, ...wish })}
      rotate={(id, ends) => rotatePlaceToken(place, id, ends)}
      revoke={(id) => revokePlaceToken(place, id)}
    />
  );
}
