// How a file of a run is shown: by its name's ending, and not when it is too large.

export type Preview = "markdown" | "json" | "csv" | "image" | "html" | "mlmodel" | "text" | "none";

const TEXT =
  /\.(txt|log|py|r|sh|sql|toml|ini|cfg|conf|ya?ml|xml|ts|js|css|rs|go|java|c|h|cpp|env|lock|properties)$/;
const BARE = /(^|\/)(MLproject|Dockerfile|Makefile|LICENSE|README|\.gitignore)$/;

export function previewOf(path: string): Preview {
  const name = path.toLowerCase();
  if (/\.(md|markdown)$/.test(name)) return "markdown";
  if (/\.(json|geojson|ipynb)$/.test(name)) return "json";
  if (/\.(csv|tsv)$/.test(name)) return "csv";
  if (/\.(png|jpe?g|gif|webp|avif|bmp|svg|ico)$/.test(name)) return "image";
  if (/\.html?$/.test(name)) return "html";
  if (/(^|\/)MLmodel$/.test(path)) return "mlmodel";
  if (TEXT.test(name) || BARE.test(path)) return "text";
  return "none";
}

/** The most that a kind is shown of, in bytes: beyond that a download serves people better. */
export const LIMITS: Record<Preview, number> = {
  markdown: 1_000_000,
  json: 2_000_000,
  csv: 5_000_000,
  image: 30_000_000,
  html: 5_000_000,
  mlmodel: 1_000_000,
  text: 2_000_000,
  none: 0,
};

/** How much of a longer file is shown, in bytes; `undefined` where a part of it means nothing. */
export const partOf = (kind: Preview): number | undefined =>
  kind === "text" || kind === "csv" ? 256_000 : undefined;

/** Whole lines only, of a text that was cut somewhere. */
export function beginningOf(text: string): string {
  const end = text.lastIndexOf("\n");
  return end < 0 ? text.replace(/\uFFFD$/, "") : text.slice(0, end + 1);
}

/** The rows of a CSV (RFC 4180: quotes, doubled quotes, line ends inside them), at most `most`. */
export function parseCsv(text: string, separator: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quoted = false;
    } else if (character === '"' && cell === "") quoted = true;
    else if (character === separator) {
      row.push(cell);
      cell = "";
    } else if (character === "\n") {
      rows.push([...row, cell.replace(/\r$/, "")]);
      if (rows.length >= most) return rows;
      row = [];
      cell = "";
    } else cell += character;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows;
}

/** One line of a CSV file. A cell that a spreadsheet would run as a formula is made text. */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => {
      const safe = /^[=+@\t\r]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
      return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    })
    .join(",");
}
