// Markdown of users as HTML that cannot run anything: raw HTML in it is shown as text, odd link targets are dropped.

import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { useMemo } from "react";

export default function Markdown({ text }: { text: string }) {
  const html = useMemo(
    () => micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: false }),
    [text],
  );
  // biome-ignore lint/security/noDangerouslySetInnerHtml: micromark escapes all HTML of the text
  return <div className="markdown" dangerouslySetInnerHTML={{ __html: html }} />;
}
