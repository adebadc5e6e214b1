// What an MLmodel file says, read in the browser: just the YAML that MLflow writes. What is not understood is left out.

export type Yaml = string | Yaml[] | { [key: string]: Yaml };

interface Line {
  indent: number;
  text: string;
}

/** Maps, lists and texts by indentation; quoted and plain texts over several lines. No anchors, no flow collections. */
export function parseYaml(text: string): Yaml {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !/^\s*(#|---|%)/.test(line))
    .map((line): Line => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
  return new Reader(lines).block(0);
}

const KEY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s'"#[{&*!|>%@`-][^:]*|-[^\s:][^:]*):(?:\s+(.*))?$/;

/** Deeper than any file that MLflow writes, and far from what a stack holds. */
const MOST_DEEP = 100;
/** Lines of one quoted text. */
const MOST_LINES = 2000;

class Reader {
  private at = 0;
  private depth = 0;
  private readonly lines: Line[];

  constructor(lines: Line[]) {
    this.lines = lines;
  }

  /** The block of lines that are indented at least so far. */
  block(least: number): Yaml {
    if (this.depth >= MOST_DEEP) throw new RangeError("deeper than a description of a model is");
    this.depth += 1;
    const read = this.read(least);
    this.depth -= 1;
    return read;
  }

  private read(least: number): Yaml {
    const first = this.lines[this.at];
    if (!first || first.indent < least) return "";
    if (first.text === "-" || first.text.startsWith("- ")) return this.list(first.indent);
    if (KEY.test(first.text)) return this.map(first.indent);
    this.at += 1;
    return this.scalar(first.text, first.indent - 1);
  }

  private list(indent: number): Yaml[] {
    const items: Yaml[] = [];
    for (;;) {
      const line = this.lines[this.at];
      if (line?.indent !== indent || !/^-(\s|$)/.test(line.text)) return items;
      const rest = line.text.slice(1).trimStart();
      if (rest === "") {
        this.at += 1;
        items.push(this.block(indent + 1));
      } else {
        // What stands behind the dash is a block of its own, indented as far as it stands.
        this.lines[this.at] = { indent: indent + line.text.length - rest.length, text: rest };
        items.push(this.block(indent + 1));
      }
    }
  }

  private map(indent: number): { [key: string]: Yaml } {
    const entries: { [key: string]: Yaml } = {};
    for (;;) {
      const line = this.lines[this.at];
      const found = line?.indent === indent ? KEY.exec(line.text) : null;
      if (!found) return entries;
      this.at += 1;
      const key = unquote(found[1] ?? "");
      const value = found[2] ?? "";
      const next = this.lines[this.at];
      if (value !== "") entries[key] = this.scalar(value, indent);
      // A list may stand as far left as the key that it belongs to.
      else if (next?.indent === indent && /^-(\s|$)/.test(next.text)) entries[key] = this.list(indent);
      else entries[key] = this.block(indent + 1);
    }
  }

  /** A text that begins with `start`, and goes on in the lines that are indented more than `indent`. */
  private scalar(start: string, indent: number): string {
    const quote = start[0] === "'" || start[0] === '"' ? start[0] : "";
    const folded = /^[|>][+-]?$/.test(start);
    const pieces = folded ? [] : [start];
    while (quote === "" || (pieces.length < MOST_LINES && !isClosed(pieces, quote))) {
      const line = this.lines[this.at];
      if (!line || (quote === "" && line.indent <= indent)) break;
      pieces.push(line.text);
      this.at += 1;
    }
    // An escaped line end in double quotes takes the blank with it.
    const joined = pieces.join(start === "|" || start.startsWith("|") ? "\n" : " ");
    return unquote(quote === '"' ? joined.replace(/\\ \\?/g, "") : joined);
  }
}

function isClosed(pieces: string[], quote: string): boolean {
  if (!pieces.at(-1)?.endsWith(quote)) return false;
  const text = pieces.join(" ");
  return quote === "'" ? /^'(?:[^']|'')*'$/.test(text) : /^"(?:[^"\\]|\\.)*"$/.test(text);
}

function unquote(text: string): string {
  if (/^'.*'$/s.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/s.test(text)) return text.replace(/\s+#.*$/, "");
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}

export interface SignatureField {
  name: string;
  type: string;
  required: boolean;
}

export interface ModelFacts {
  flavors: { name: string; facts: [string, string][] }[];
  signature: { title: string; fields: SignatureField[] }[];
  facts: [string, string][];
  modelId: string;
  runId: string;
}

const asMap = (value: Yaml | undefined): { [key: string]: Yaml } =>
  typeof value === "object" && !Array.isArray(value) ? value : {};
const asText = (value: Yaml | undefined): string =>
  typeof value === "string" && value !== "null" && value !== "~" ? value : "";

/** `undefined` when the text is no description of a model. */
export function readMlModel(text: string): ModelFacts | undefined {
  let top: { [key: string]: Yaml };
  try {
    top = asMap(parseYaml(text));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const flavors = Object.entries(asMap(top.flavors)).map(([name, of]) => ({
    name,
    facts: Object.entries(asMap(of)).flatMap(([key, value]): [string, string][] =>
      asText(value) ? [[key, asText(value)]] : [],
    ),
  }));
  if (flavors.length === 0) return undefined;
  const signature = asMap(top.signature);
  const sides = (["inputs", "outputs", "params"] as const).map((side) => ({
    title: side[0]?.toUpperCase() + side.slice(1),
    fields: readFields(asText(signature[side])),
  }));
  const facts: [string, string][] = [
    ["MLflow", asText(top.mlflow_version)],
    ["Created", asText(top.utc_time_created)],
    ["Size", asText(top.model_size_bytes)],
    // Since MLflow 3 the same as the model's id.
    ["UUID", top.model_uuid === top.model_id ? "" : asText(top.model_uuid)],
    ["Example", asText(asMap(top.saved_input_example_info).artifact_path)],
  ];
  return {
    flavors,
    signature: sides.filter((side) => side.fields.length > 0),
    facts: facts.filter(([, value]) => value !== ""),
    modelId: asText(top.model_id),
    runId: asText(top.run_id),
  };
}

interface WireField {
  name?: string;
  type?: string;
  required?: boolean;
  optional?: boolean;
  shape?: number[] | null;
  "tensor-spec"?: { dtype?: string; shape?: number[] };
}

function readFields(text: string): SignatureField[] {
  if (text === "") return [];
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return [];
  }
  if (!Array.isArray(fields)) return [];
  return (fields as WireField[]).map((field, index) => {
    const tensor = field["tensor-spec"];
    const shape = tensor?.shape ?? field.shape;
    const type = tensor ? `tensor ${tensor.dtype ?? ""}` : (field.type ?? "");
    return {
      name: field.name ?? `#${index + 1}`,
      type: shape ? `${type}(${shape.join(", ")})` : type,
      required: field.required ?? !field.optional,
    };
  });
}
