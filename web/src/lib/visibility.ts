// Who sees a project or a group, and for whom its parts are on, as people call it.

export const VISIBILITIES = [
  { value: "private", label: "Private: members only" },
  { value: "internal", label: "Internal: everybody who signs in" },
  { value: "public", label: "Public: packages without a token, too" },
] as const;

export const FEATURE_ACCESS = [
  { value: "enabled", label: "On: for everybody who sees the project" },
  { value: "private", label: "On: for members only" },
  { value: "disabled", label: "Off" },
] as const;

/** The path that a name suggests, as the server makes it: lower case, `-` for all that a path has not. */
export const pathOfName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9_.]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
