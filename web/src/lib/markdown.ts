// Which Markdown is worth reading: what nests too deep takes the reader of it minutes, and is shown as text instead.

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
