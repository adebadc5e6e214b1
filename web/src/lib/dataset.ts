// What MLflow's clients write about a dataset: JSON in texts, which anybody may write otherwise.

function parse(text: string | undefined): Record<string, unknown> {
  if (!text) return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** Its columns, or the parts of its tensors. */
export function readSchema(schema: string | undefined): { name: string; type: string }[] {
  const { mlflow_colspec: columns, mlflow_tensorspec: tensors } = parse(schema);
  if (Array.isArray(columns)) return columns.map(readColumn);
  if (typeof tensors !== "object" || tensors === null) return [];
  return Object.entries(tensors).flatMap(([name, spec]: [string, unknown]) => {
    // Written as a text inside the text, of one tensor or of several with names.
    const parts: unknown = typeof spec === "string" ? safely(spec) : spec;
    return (Array.isArray(parts) ? parts : [parts]).map((one: unknown) => ({
      name: Array.isArray(parts) && parts.length > 1 ? `${name}.${readColumn(one, 0).name}` : name,
      type: readColumn(one, 0).type,
    }));
  });
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

function readColumn(column: unknown, index: number): { name: string; type: string } {
  const { name, type, "tensor-spec": tensor } = (column ?? {}) as Record<string, unknown>;
  const spec = (tensor ?? {}) as { dtype?: string; shape?: number[] };
  const shape = Array.isArray(spec.shape) ? `(${spec.shape.join(", ")})` : "";
  return {
    name: typeof name === "string" ? name : `#${index + 1}`,
    type: tensor ? `${spec.dtype ?? "tensor"}${shape}` : String(type ?? ""),
  };
}

/** Its size and such, by name. */
export function readProfile(profile: string | undefined): [string, string][] {
  return Object.entries(parse(profile)).flatMap(([key, value]): [string, string][] => {
    if (typeof value === "number") return [[key, value.toLocaleString("en")]];
    if (typeof value === "string") return [[key, value]];
    return value === null ? [] : [[key, JSON.stringify(value)]];
  });
}

/** Where it comes from in one line: an address, where there is one. */
export function readSource(source: string): string {
  const fields = parse(source);
  for (const key of ["uri", "url", "path", "delta_table_name", "table_name", "sql"]) {
    const value = fields[key];
    if (typeof value === "string" && value !== "") return value;
  }
  const tags = fields.tags as Record<string, unknown> | undefined;
  const name = tags?.["mlflow.source.name"];
  if (typeof name === "string") return name;
  return Object.keys(fields).length === 0 ? source : "";
}
