// Markdown of users as HTML that cannot run anything: raw HTML in it is shown as text, odd link targets are dropped.

import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { useId, useMemo } from "react";
import { isReasonable, withLocalLinks } from "../lib/markdown.ts";

export default function Markdown({ text }: { text: string }) {
  // Several texts may stand on one page, each with a first footnote.
  const prefix = `${useId()}-`;
  const html = useMemo(() => (isReasonable(text) ? render(text, prefix) : undefined), [text, prefix]);
  if (html === undefined) return <pre className="markdown">{text}</pre>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: micromark escapes all HTML of the text
  return <div className="markdown" onClick={followLocal} dangerouslySetInnerHTML={{ __html: html }} />;
}

function render(text: string, prefix: string): string {
  const footnotes = { clobberPrefix: prefix, labelAttributes: 'class="visually-hidden"' };
  const html = micromark(text, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml(footnotes)],
    allowDangerousHtml: false,
  });
  return withLocalLinks(html, `${location.pathname}${location.search}`, prefix);
}

/** To the footnote and back, without a step in the browser's history: the page is the same. */
function followLocal(event: React.MouseEvent<HTMLElement>) {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.hash || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const hash = link.hash.slice(1);
  const leads = (one: HTMLElement) => one.id === hash || encodeURIComponent(one.id) === hash;
  const target = [...event.currentTarget.querySelectorAll<HTMLElement>("[id]")].find(leads);
  if (!target) return;
  event.preventDefault();
  if (!target.matches("a")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}
