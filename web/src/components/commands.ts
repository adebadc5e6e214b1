// What the page that is shown can do, for the command palette.

import { useEffect, useRef } from "react";

export interface PageCommand {
  label: string;
  run: () => void;
}

const pages = new Set<() => PageCommand[]>();

/** Offers these for as long as the component is there. Nothing is offered for `false`. */
export function useCommands(commands: (PageCommand | false)[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const read = () => latest.current.filter((one) => one !== false);
    pages.add(read);
    return () => {
      pages.delete(read);
    };
  }, []);
}

export const pageCommands = (): PageCommand[] => [...pages].flatMap((read) => read());
