// How a field of a signature is written in one line.

import type { FieldInfo } from "../api/registry.ts";

export function typeOf(field: FieldInfo): string {
  const shape = field.shape ? `(${field.shape.join(", ")})` : "";
  const kind = field.type === "tensor" ? `tensor ${field.dtype ?? ""}${shape}` : `${field.type}${shape}`;
  return field.default === undefined ? kind : `${kind} = ${JSON.stringify(field.default)}`;
}
