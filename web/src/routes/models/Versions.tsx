// The versions of a model in SemVer's order, and two of them chosen for a comparison.

import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import type { ModelVersion } from "../../api/mlflow.ts";
import { Badge, StageBadge, Time } from "../../components/parts.tsx";
import { readList, writeList } from "../../lib/columns.ts";
import { compare } from "../../lib/semver.ts";
import { aliasesOf, latestOf, semverOf } from "./version.ts";

const ROUTE = "/p/$project/-/ml/models/$model";

/** So many are drawn at first; there may be ten thousand. */
const SHOWN = 200;

interface Props {
  items: ModelVersion[];
  /** All of them are here: before that nobody knows which is the latest. */
  whole: boolean;
}

export function Versions({ items, whole }: Props) {
  const { project, model } = useParams({ from: ROUTE });
  const { sel } = useSearch({ from: ROUTE });
  const navigate = useNavigate({ from: ROUTE });
  const chosen = readList(sel);
  const wanted = useRef(chosen);
  useEffect(() => {
    wanted.current = readList(sel);
  }, [sel]);
  const [shown, setShown] = useState(SHOWN);
  const latest = whole ? latestOf(items) : undefined;
  const sorted = useMemo(() => items.toSorted((a, b) => compare(semverOf(b), semverOf(a))), [items]);
  const toggle = (version: string) => {
    const turn = (chosen: string[]) =>
      // Two are compared; a third takes the place of the first.
      chosen.includes(version) ? chosen.filter((one) => one !== version) : [...chosen, version].slice(-2);
    // Two keys may come before the address is what the first made it.
    const next = turn(wanted.current);
    wanted.current = next;
    void navigate({ search: (old) => ({ ...old, sel: writeList(next) || undefined }), replace: true });
  };
  const [from, to] = [...chosen].sort(compare);
  return (
    <>
      <div className="row">
        {from && to ? (
          <Link
            to="/p/$project/-/ml/models/$model/compare"
            params={{ project, model }}
            search={{ from, to }}
            className="button primary"
            data-compare
          >
            Compare {from} with {to}
          </Link>
        ) : (
          <span className="quiet">Select two versions to compare them.</span>
        )}
      </div>
      <div className="card table-scroll">
        <table className="data">
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">Selected</span>
              </th>
              <th>Version</th>
              <th>Aliases and stage</th>
              <th className="only-large">Description</th>
              <th className="only-large">Creator</th>
              <th className="only-large">Created</th>
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((version) => {
              const semver = semverOf(version);
              return (
                <tr key={version.version} data-active={chosen.includes(semver)}>
                  <td style={{ width: 1 }}>
                    <input
                      type="checkbox"
                      aria-label={`Select ${semver}`}
                      checked={chosen.includes(semver)}
                      onChange={() => toggle(semver)}
                    />
                  </td>
                  <th scope="row">
                    <span className="row">
                      <Link
                        to="/p/$project/-/ml/models/$model/versions/$version"
                        params={{ project, model, version: semver }}
                      >
                        {semver}
                      </Link>
                      {version === latest && <Badge tone="good">latest</Badge>}
                    </span>
                  </th>
                  <td>
                    <span className="row wrap">
                      {aliasesOf(version).map((alias) => (
                        <Badge key={alias} tone="busy">
                          @{alias}
                        </Badge>
                      ))}
                      <StageBadge stage={version.current_stage} />
                    </span>
                  </td>
                  <td className="only-large quiet">
                    <span className="truncate" style={{ display: "block", maxWidth: 420 }}>
                      {version.description}
                    </span>
                  </td>
                  <td className="only-large">{version.user_id}</td>
                  <td className="only-large">
                    <Time at={version.creation_timestamp} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {sorted.length > shown && (
        <button
          type="button"
          className="button"
          style={{ justifySelf: "center" }}
          onClick={() => setShown(shown + 10 * SHOWN)}
        >
          Show more of {sorted.length}
        </button>
      )}
    </>
  );
}
