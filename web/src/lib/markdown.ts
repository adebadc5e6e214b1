// Which Markdown is worth reading: what nests too deep takes the reader of it minutes, and is shown as text instead. And
// where links within it lead.

const MOST_QUOTES = 50;
const MOST_BRACKETS = 2000;

export function isReasonable(text: string): boolean {
  let brackets = 0;
  for (const line of text.split("\n")) {
    // Markers of quotes and lists, each of which may open a level.
    const opening = /^[\s>*+-]*/.exec(line)?.[0] ?? "";
    if (opening.replace(/\s/g, "").length > MOST_QUOTES && /[>+*]/.test(opening)) return false;
    brackets += line.length - line.replaceAll("[", "").length;
  }
  return brackets <= MOST_BRACKETS;
}

/**
 * The HTML of one text with the links to its own footnotes as addresses of this page: `#…` alone would lead to the pages'
 * `<base>`. Quotes of the text itself are escaped, and so never look like this.
 */
export function withLocalLinks(html: string, page: string, prefix: string): string {
  const address = page.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return html
    .replaceAll(/(id|aria-describedby)="footnote-label"/g, (_, name: string) => `${name}="${prefix}label"`)
    .replaceAll('href="#', () => `href="${address}#`);
}
