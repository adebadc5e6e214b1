// The foot of a list that has more pages: loads the next when it comes into view, or on a click.

import { useEffect, useRef } from "react";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

export function MoreButton({ query }: { query: Paged }) {
  const button = useRef<HTMLButtonElement>(null);
  const { hasNextPage, fetchNextPage } = query;
  useEffect(() => {
    const element = button.current;
    if (!element || !hasNextPage) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && fetchNextPage(), {
      rootMargin: "400px",
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [hasNextPage, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <button
      type="button"
      ref={button}
      className="button"
      style={{ justifySelf: "center" }}
      disabled={query.isFetchingNextPage}
      onClick={() => fetchNextPage()}
    >
      {query.isFetchingNextPage ? "Loading…" : "Show more"}
    </button>
  );
}
