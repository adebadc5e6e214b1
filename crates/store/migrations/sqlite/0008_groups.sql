-- Groups are namespaces without an owner of their own; users' namespaces are seen by everybody.
ALTER TABLE namespaces ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE namespaces ADD COLUMN visibility INTEGER NOT NULL DEFAULT 20;
-- When it is to be removed for good.
ALTER TABLE namespaces ADD COLUMN deletes_at INTEGER;
CREATE INDEX namespaces_by_parent ON namespaces (parent_id);

-- Every namespace with each that it lies in, itself among them.
CREATE TABLE namespace_ancestors (
  namespace_id INTEGER NOT NULL,
  ancestor_id  INTEGER NOT NULL,
  PRIMARY KEY (namespace_id, ancestor_id)
) WITHOUT ROWID;
CREATE INDEX namespace_ancestors_by_ancestor ON namespace_ancestors (ancestor_id);
INSERT INTO namespace_ancestors (namespace_id, ancestor_id) SELECT id, id FROM namespaces;

CREATE TABLE group_members (
  group_id   INTEGER NOT NULL,
  user_id    INTEGER NOT NULL,
  role       INTEGER NOT NULL,
  expires_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (group_id, user_id)
) WITHOUT ROWID;
CREATE INDEX group_members_by_user ON group_members (user_id);

ALTER TABLE projects ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE;
-- GitLab's numbers: 0 off, 10 for members, 20 for everybody who sees the project.
ALTER TABLE projects ADD COLUMN experiments_access INTEGER NOT NULL DEFAULT 20;
ALTER TABLE projects ADD COLUMN registry_access INTEGER NOT NULL DEFAULT 20;
ALTER TABLE projects ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN deletes_at INTEGER;
-- Being removed, piece by piece: it is there for nobody any more.
ALTER TABLE projects ADD COLUMN removing BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE projects SET updated_at = created_at;
CREATE INDEX projects_by_namespace ON projects (namespace_id);

-- Paths, in lower case, that a project had before it was moved.
CREATE TABLE redirects (
  path       TEXT    NOT NULL PRIMARY KEY,
  project_id INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX redirects_by_project ON redirects (project_id);

ALTER TABLE users ADD COLUMN deleted_at INTEGER;

ALTER TABLE access_tokens ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE access_tokens ADD COLUMN group_id INTEGER;
-- Of the bot of a project's or a group's token.
ALTER TABLE access_tokens ADD COLUMN role INTEGER;
-- The first token of the row of rotations that this one stands in.
ALTER TABLE access_tokens ADD COLUMN family_id INTEGER;
UPDATE access_tokens SET family_id = id;
UPDATE access_tokens
SET role = (SELECT m.role FROM project_members m
            WHERE m.project_id = access_tokens.project_id AND m.user_id = access_tokens.user_id)
WHERE project_id IS NOT NULL;
CREATE INDEX access_tokens_by_group ON access_tokens (group_id);
CREATE INDEX access_tokens_by_family ON access_tokens (family_id);
