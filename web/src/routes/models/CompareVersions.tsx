// Two versions of a model side by side: only what is not the same.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { comparisonQuery, versionsQuery } from "../../api/queries.ts";
import type { Comparison } from "../../api/registry.ts";
import { Badge, Empty, Failure, Scroll, SkeletonRows, useTitle } from "../../components/parts.tsx";
import { formatBytes, formatNumber, plural } from "../../lib/format.ts";
import { compare } from "../../lib/semver.ts";
import { typeOf } from "../../lib/signature.ts";
import { semverOf } from "./version.ts";

const ROUTE = "/p/$project/-/ml/models/$model/compare";

export function CompareVersions() {
  const { project, model } = useParams({ from: ROUTE });
  const { from = "", to = "" } = useSearch({ from: ROUTE });
  const query = useQuery({ ...comparisonQuery(project, model, from, to), enabled: from !== "" && to !== "" });
  useTitle(`${model}: ${from} and ${to}`);
  return (
    <div className="page">
      <div className="page-head">
        <div className="titles">
          <nav className="crumbs" aria-label="Breadcrumb">
            <Link to="/p/$project/-/ml/models" params={{ project }}>
              Models
            </Link>
            <span aria-hidden="true">/</span>
            <Link to="/p/$project/-/ml/models/$model" params={{ project, model }}>
              {model}
            </Link>
            <span aria-hidden="true">/</span>
          </nav>
          <h1>Compare versions</h1>
        </div>
        <Choose />
      </div>
      {(from === "" || to === "") && <Empty title="Choose two versions" />}
      {query.isLoading && <SkeletonRows />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} what="comparison" />}
      {query.data && <Differences found={query.data} />}
    </div>
  );
}

function Choose() {
  const { project, model } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const versions = useInfiniteQuery(versionsQuery(project, model));
  const names = (versions.data?.pages.flatMap((page) => page.items) ?? [])
    .map(semverOf)
    .sort(compare)
    .reverse();
  const field = (which: "from" | "to") => {
    const value = search[which] ?? "";
    const all = value && !names.includes(value) ? [value, ...names] : names;
    return (
      <label className="row">
        <span>{which === "from" ? "From" : "to"}</span>
        <select
          className="input"
          value={value}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, [which]: event.target.value }), replace: true })
          }
        >
          <option value="">–</option>
          {all.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
    );
  };
  return (
    <div className="row wrap">
      {field("from")}
      {field("to")}
      <button
        type="button"
        className="button"
        onClick={() =>
          void navigate({ search: (old) => ({ ...old, from: old.to, to: old.from }), replace: true })
        }
      >
        Swap
      </button>
    </div>
  );
}

function Differences({ found }: { found: Comparison }) {
  const { schema, flavors, requirements, params, metrics, files } = found;
  const same =
    files.added.length + files.removed.length + files.changed.length + params.length + metrics.length === 0 &&
    (requirements ?? []).length === 0;
  return (
    <div className="stack">
      {found.warnings.map((warning) => (
        <div className="notice warn" key={warning}>
          {warning}
        </div>
      ))}
      {same && <Empty title="These two versions are the same" />}
      {schema && <Schema schema={schema} />}
      <Changes
        title="Metrics"
        found={found}
        rows={metrics.map((one) => [one.name, number(one.from), number(one.to), delta(one.from, one.to)])}
      />
      <Changes title="Params" found={found} rows={params.map((one) => [one.name, one.from, one.to])} />
      <Changes
        title="Requirements"
        found={found}
        rows={(requirements ?? []).map((one) => [one.name, one.from, one.to])}
      />
      {flavors && (
        <Changes
          title="Flavours"
          found={found}
          rows={[
            ...flavors.added.map((name): Row => [name, null, "present"]),
            ...flavors.removed.map((name): Row => [name, "present", null]),
            ...flavors.changed.map((one): Row => [`${one.flavor}: ${one.option}`, one.from, one.to]),
          ]}
        />
      )}
      <Changes
        title="Files"
        found={found}
        note={`${plural(files.unchanged, "file")} unchanged${files.not_listed ? `, ${files.not_listed} more differ` : ""}`}
        rows={[
          ...files.added.map((one): Row => [one.path, null, formatBytes(one.size_bytes)]),
          ...files.removed.map((one): Row => [one.path, formatBytes(one.size_bytes), null]),
          ...files.changed.map(
            (one): Row => [one.path, formatBytes(one.from.size_bytes), formatBytes(one.to.size_bytes)],
          ),
        ]}
      />
    </div>
  );
}

type Row = [name: string, from: string | null, to: string | null, delta?: string];

/** How far from the first to the second. Whether that is better or worse depends on what is measured. */
function delta(from: number | string | null, to: number | string | null): string {
  if (typeof from !== "number" || typeof to !== "number") return "";
  return `${to > from ? "+" : ""}${formatNumber(to - from)}`;
}

const number = (value: number | string | null) =>
  value === null ? null : typeof value === "number" ? formatNumber(value) : value;

function Changes({
  title,
  found,
  rows,
  note,
}: {
  title: string;
  found: Comparison;
  rows: Row[];
  note?: string;
}) {
  if (rows.length === 0) return null;
  // Numbers went up or down, which is neither good nor bad by itself.
  const measured = rows.some(([, , , far]) => far !== undefined);
  const [was, now] = measured ? ["", ""] : ["was", "now"];
  return (
    <section className="card">
      <header>
        <h2>
          {title} <span className="count">{rows.length}</span>
        </h2>
        {note && <span className="quiet">{note}</span>}
      </header>
      <Scroll label={title}>
        <table className="data fixed">
          <thead>
            <tr>
              <th style={{ width: "34%" }}>Name</th>
              <th>{found.from.version}</th>
              <th>{found.to.version}</th>
              {measured && <th>Difference</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, from, to, far]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="mono">
                  {from === null ? <span className="quiet">–</span> : <span className={was}>{from}</span>}
                </td>
                <td className="mono">
                  {to === null ? <span className="quiet">–</span> : <span className={now}>{to}</span>}
                </td>
                {measured && <td className="mono">{far}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

function Schema({ schema }: { schema: NonNullable<Comparison["schema"]> }) {
  const rows = (["inputs", "outputs", "params"] as const).flatMap((side) => [
    ...schema[side].added.map((field) => ({
      side,
      tone: "good",
      word: "added",
      name: field.name,
      type: typeOf(field),
      was: "",
    })),
    ...schema[side].removed.map((field) => ({
      side,
      tone: "bad",
      word: "removed",
      name: field.name,
      type: "",
      was: typeOf(field),
    })),
    ...schema[side].changed.map((change) => ({
      side,
      tone: "warn",
      word: "changed",
      name: change.name,
      type: typeOf(change.to),
      was: typeOf(change.from),
    })),
  ]);
  if (rows.length === 0) return <div className="notice">The signatures are the same.</div>;
  return (
    <section className="card">
      <header>
        <h2>
          Signature <span className="count">{rows.length}</span>
        </h2>
      </header>
      <Scroll label="Signature">
        <table className="data">
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.side} ${row.word} ${row.name}`}>
                <td className="quiet" style={{ width: 90 }}>
                  {row.side}
                </td>
                <td style={{ width: 100 }}>
                  <Badge tone={row.tone}>{row.word}</Badge>
                </td>
                <th scope="row">{row.name ?? "no name"}</th>
                <td className="mono">
                  {row.was && <span className="was">{row.was}</span>}{" "}
                  {row.type && <span className="now">{row.type}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
