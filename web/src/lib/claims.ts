// The claims of a trust rule as rows of a form, and what stands in the way of sending them.

export interface ClaimRow {
  /** For the list on the page. */
  id: number;
  claim: string;
  /** `exact`: the very text. `pattern`: `*` stands for any characters. */
  match: "exact" | "pattern";
  value: string;
}

/** What a claim's text is, as it stands in a rule. */
export const matchOf = (value: string): ClaimRow["match"] => (value.includes("*") ? "pattern" : "exact");

/** Why the rows cannot be sent; empty when they can. Rows with nothing in them do not count. */
export function problemOf(rows: ClaimRow[]): string {
  const filled = rows.filter((row) => row.claim.trim() !== "" || row.value !== "");
  const seen = new Set<string>();
  for (const { claim, match, value } of filled) {
    const name = claim.trim();
    if (name === "") return `Say which claim is “${value}”.`;
    if (value === "") return `Say what ${name} must be.`;
    if (seen.has(name)) return `${name} is there twice.`;
    seen.add(name);
    if (match === "exact" && value.includes("*"))
      return `“${value}” has a *, which stands for any characters: choose “pattern” for ${name}.`;
  }
  if (!filled.some(({ value }) => /[^*]/.test(value)))
    return "Name at least one claim that is not just *: without one, every job of the issuer would be trusted.";
  return "";
}

export const claimsOf = (rows: ClaimRow[]): Record<string, string> =>
  Object.fromEntries(
    rows.filter((row) => row.claim.trim() !== "").map((row) => [row.claim.trim(), row.value] as const),
  );

export interface Provider {
  id: "gitlab" | "github" | "other";
  label: string;
  issuer: string;
  /** What is usually asked of its jobs. */
  claims: [claim: string, value: string][];
  /** Claims that its tokens have. */
  known: string[];
}

export const PROVIDERS: Provider[] = [
  {
    id: "gitlab",
    label: "GitLab",
    issuer: "https://gitlab.com",
    claims: [
      ["project_path", ""],
      ["ref_protected", "true"],
    ],
    known: [
      "project_path",
      "namespace_path",
      "ref",
      "ref_type",
      "ref_protected",
      "environment",
      "environment_protected",
      "pipeline_source",
      "user_login",
    ],
  },
  {
    id: "github",
    label: "GitHub Actions",
    issuer: "https://token.actions.githubusercontent.com",
    claims: [
      ["repository", ""],
      ["ref", "refs/heads/main"],
    ],
    known: [
      "repository",
      "repository_owner",
      "ref",
      "ref_type",
      "environment",
      "workflow",
      "event_name",
      "actor",
    ],
  },
  { id: "other", label: "Another issuer", issuer: "", claims: [["sub", ""]], known: ["sub"] },
];

/** Whose jobs a rule is for, by its issuer. */
export const providerOf = (issuer: string): Provider["id"] =>
  issuer.includes("githubusercontent") || issuer.includes("github") ? "github" : "gitlab";
