// Markdown, whose renderer comes with the first text that needs it.

import { lazy, Suspense } from "react";

const Markdown = lazy(() => import("./Markdown.tsx"));

export function MarkdownText({ text }: { text: string }) {
  return (
    <Suspense fallback={<span className="skeleton" style={{ width: "60%" }} />}>
      <Markdown text={text} />
    </Suspense>
  );
}
