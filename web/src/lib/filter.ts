// The filter bar's text: the server's error at its character, and what could be typed next.

export interface FilterProblem {
  message: string;
  /** Where in the text, from 0; `undefined` when the server did not say. */
  at: number | undefined;
  length: number;
}

/** The server ends such messages with `(at character 14: '>')`; characters count from 1. */
export function readFilterProblem(message: string): FilterProblem {
  const found = /\s*\(at character (\d+)(?:: '([\s\S]*)')?\)\s*$/.exec(message);
  if (!found) return { message, at: undefined, length: 0 };
  return {
    message: message.slice(0, found.index),
    at: Number(found[1]) - 1,
    length: Math.max(1, [...(found[2] ?? " ")].length),
  };
}

/** The text before the place, the place, and after it; characters, as the server counts them. */
export function splitAt(text: string, at: number, length: number): [string, string, string] {
  const characters = [...text];
  const end = Math.min(characters.length, at + length);
  return [
    characters.slice(0, at).join(""),
    characters.slice(at, end).join("") || " ",
    characters.slice(end).join(""),
  ];
}

/** A key as the grammar takes it: bare when it can be, else in back quotes. */
export function quoteKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : `\`${key}\``;
}

/** The grammar has no escapes: a text with both kinds of quotes cannot be written in it. */
export const isQuotable = (value: string): boolean => !(value.includes("'") && value.includes('"'));

/** Only of a text that `isQuotable`. */
export function quoteValue(value: string): string {
  if (!value.includes("'")) return `'${value}'`;
  return `"${value}"`;
}

/** The clause for these runs, by their ids. */
export const oneOf = (ids: readonly string[]): string =>
  `attributes.run_id IN (${ids.map(quoteValue).join(", ")})`;

export interface Suggestion {
  text: string;
  kind: string;
}

export interface Vocabulary {
  metrics: string[];
  params: string[];
  tags: string[];
}

const ATTRIBUTES = ["run_name", "status", "start_time", "end_time", "user_id", "run_id", "artifact_uri"];

/** The word that the text ends in; a key in back quotes may have blanks. Nothing inside a quoted value. */
function lastWord(text: string): string | undefined {
  let quote = "";
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const one = text[at] ?? "";
    if (quote !== "") {
      if (one === quote) quote = "";
    } else if (one === "'" || one === '"' || one === "`") quote = one;
    else if (/[\s()=<>!,]/.test(one)) from = at + 1;
  }
  return quote === "'" || quote === '"' ? undefined : text.slice(from);
}

/** What can be no clause: words without an operator, which people type to find runs by their names. */
export function asFilter(text: string): string {
  const words = text.trim();
  if (words === "" || /[=<>!'"`()]|\b(i?like|in|is|and|or|not|between)\b/i.test(words)) return words;
  return `attributes.run_name ILIKE ${quoteValue(`%${words}%`)}`;
}

/** What may stand where the caret is, and from where on it replaces the text. */
export function suggest(
  text: string,
  caret: number,
  words: Vocabulary,
): { from: number; suggestions: Suggestion[] } {
  const before = text.slice(0, caret);
  const word = lastWord(before);
  // Inside a quoted value there is nothing to complete.
  if (word === undefined) return { from: caret, suggestions: [] };
  if (word === "") return { from: caret, suggestions: [] };
  const all: Suggestion[] = [
    ...words.metrics.map((key) => ({ text: `metrics.${quoteKey(key)}`, kind: "metric" })),
    ...words.params.map((key) => ({ text: `params.${quoteKey(key)}`, kind: "param" })),
    ...ATTRIBUTES.map((key) => ({ text: `attributes.${key}`, kind: "attribute" })),
    ...words.tags.map((key) => ({ text: `tags.${quoteKey(key)}`, kind: "tag" })),
  ];
  const wanted = word.replaceAll("`", "").toLowerCase();
  const suggestions = all.filter(({ text: one }) => {
    const plain = one.replaceAll("`", "").toLowerCase();
    return (
      plain !== wanted && (plain.startsWith(wanted) || plain.slice(plain.indexOf(".") + 1).includes(wanted))
    );
  });
  return { from: caret - word.length, suggestions: suggestions.slice(0, 12) };
}
