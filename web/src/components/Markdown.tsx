// Markdown of users as HTML that cannot run anything: raw HTML in it is shown as text, odd link targets are dropped.

import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { useMemo } from "react";
import { isReasonable } from "../lib/markdown.ts";

export default function Markdown({ text }: { text: string }) {
  const html = useMemo(
    () =>
      isReasonable(text)
        ? micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: false })
        : undefined,
    [text],
  );
  if (html === undefined) return <pre className="markdown">{text}</pre>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: micromark escapes all HTML of the text
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
