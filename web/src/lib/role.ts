// GitLab's roles, as numbers and as people call them.

export const ROLES = [
  { level: 10, name: "Guest", what: "reads experiments, runs and models" },
  { level: 20, name: "Reporter", what: "reads packages of a private project, too" },
  { level: 30, name: "Developer", what: "logs runs, registers models" },
  { level: 40, name: "Maintainer", what: "settings, members, tokens, what is published" },
  { level: 50, name: "Owner", what: "path, visibility, archive, deletion" },
] as const;

export const [GUEST, REPORTER, DEVELOPER, MAINTAINER, OWNER] = [10, 20, 30, 40, 50] as const;

/** A number that is no role's stays a number. */
export const roleName = (level: number): string =>
  ROLES.find((role) => role.level === level)?.name ?? String(level);

/** Nobody gives what they have not. */
export const rolesUpTo = (level: number) => ROLES.filter((role) => role.level <= level);
