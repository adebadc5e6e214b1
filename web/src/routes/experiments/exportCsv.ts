// All runs that match, as a CSV file: read page by page, so that no answer has to hold them all.

import { getRun } from "../../api/mlflow.ts";
import { searchTable, type TableSearch } from "../../api/table.ts";
import { toast } from "../../components/toast.tsx";
import { inTurn } from "../../lib/batch.ts";
import { type Column, type RunRow, text } from "../../lib/columns.ts";
import { saveBlob } from "../../lib/download.ts";
import { oneOf } from "../../lib/filter.ts";
import { plural } from "../../lib/format.ts";
import { csvLine } from "../../lib/preview.ts";

const PAGE = 1000;
/** As many characters of a text as the table tells; runs with longer ones are read by themselves. */
const WHOLE = 4000;

interface Export {
  project: string;
  experiment: string;
  search: TableSearch;
  columns: readonly Column[];
  /** Ids; without any, all that match. */
  chosen: readonly string[];
}

export async function exportCsv({ project, experiment, search, columns, chosen }: Export): Promise<void> {
  const head = ["Run id", "Run name", ...columns.map(heading)];
  const line = (run: RunRow) => csvLine([run.id, run.name, ...columns.map((one) => text(run, one))]);
  const parts: string[] = [`${csvLine(head)}\r\n`];
  const asked = chosen.length > 0 ? { ...search, filter: oneOf(chosen) } : search;
  let count = 0;
  let token: string | undefined;
  do {
    const page = await searchTable(project, experiment, asked, PAGE, token, undefined, WHOLE);
    const whole = new Map<string, RunRow>();
    const cut = page.items.filter((run) => columns.some((one) => text(run, one).length >= WHOLE));
    await inTurn(cut, async (run) => {
      const { params, tags } = await getRun(project, run.id);
      whole.set(run.id, { ...run, params, tags });
    });
    parts.push(page.items.map((run) => `${line(whole.get(run.id) ?? run)}\r\n`).join(""));
    count += page.items.length;
    token = page.next;
  } while (token);
  saveBlob("runs.csv", new Blob(parts, { type: "text/csv" }));
  toast(`Exported ${plural(count, "run")}`);
}

function heading(one: Column): string {
  const name = `${one.kind}.${one.key}`;
  return one.stat === "last" ? name : `${name} ${one.stat}`;
}
