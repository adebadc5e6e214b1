// A heading that sorts the list below it, by the address's `sort`: `name`, and `-name` the other way round.

import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon } from "./Icon.tsx";

interface Props {
  id: string;
  sort: string | undefined;
  className?: string;
  children: ReactNode;
}

export function SortHead({ id, sort, className, children }: Props) {
  const navigate = useNavigate();
  const state = sort === id ? "ascending" : sort === `-${id}` ? "descending" : "none";
  const next = state === "none" ? id : state === "ascending" ? `-${id}` : undefined;
  const search = (old: Record<string, unknown>) => ({ ...old, sort: next });
  return (
    <th aria-sort={state} className={className}>
      <button
        type="button"
        className="sort"
        onClick={() => void navigate({ to: ".", search, replace: true })}
      >
        {children}
        {state !== "none" && <Icon name={state === "ascending" ? "up" : "down"} size={12} />}
      </button>
    </th>
  );
}
