// The access tokens of a project or a group, for those who may make them.

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { createPlaceToken, type Place, revokePlaceToken, rotatePlaceToken } from "../api/places.ts";
import { placeTokensQuery } from "../api/settings.ts";
import { type TokenState, Tokens } from "./Tokens.tsx";

interface Props {
  place: Place;
  /** One's own role there. */
  level: number;
  /** The tracking address, of a project's tokens. */
  uri?: string;
}

export function PlaceTokens({ place, level, uri }: Props) {
  const [state, setState] = useState<TokenState>("active");
  const list = useInfiniteQuery(placeTokensQuery(place, state));
  const reach = place.kind === "project" ? "in this project" : "in this group and all that is in it,";
  return (
    <Tokens
      about={`For jobs and services: each acts as a member of its own, ${reach} and nowhere else, and stays when people leave.`}
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
