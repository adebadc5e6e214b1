// What the pages read off a version as MLflow's routes give it.

import type { ModelVersion } from "../../api/mlflow.ts";
import { compare, parse } from "../../lib/semver.ts";

/** Its SemVer; MLflow's number where it has none. */
export function semverOf(version: ModelVersion): string {
  return version.tags?.find((tag) => tag.key === "gitlab.version")?.value ?? version.version;
}

/** Without the SemVer, which Weir lists among the aliases. */
export function aliasesOf(version: ModelVersion): string[] {
  const semver = semverOf(version);
  return (version.aliases ?? []).filter((alias) => alias !== semver);
}

const isPrerelease = (version: ModelVersion) => semverOf(version).includes("-");

/** The highest release; a prerelease only when there is no release. */
export function latestOf(versions: readonly ModelVersion[]): ModelVersion | undefined {
  const releases = versions.filter((version) => !isPrerelease(version));
  const among = releases.length > 0 ? releases : versions;
  return among.toSorted((a, b) => compare(semverOf(b), semverOf(a)))[0];
}

/** Weir lists each SemVer among a model's aliases, too. */
export const ownAliases = <T extends { alias: string }>(aliases: readonly T[]): T[] =>
  aliases.filter(({ alias }) => !parse(alias));
