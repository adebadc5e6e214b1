-- Groups are namespaces without an owner of their own; users' namespaces are seen by everybody.
ALTER TABLE namespaces ADD COLUMN description TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE namespaces ADD COLUMN visibility BIGINT NOT NULL DEFAULT 20;
-- When it is to be removed for good.
ALTER TABLE namespaces ADD COLUMN deletes_at BIGINT;
CREATE INDEX namespaces_by_parent ON namespaces (parent_id);

-- Every namespace with each that it lies in, itself among them.
CREATE TABLE namespace_ancestors (
  namespace_id BIGINT NOT NULL,
  ancestor_id  BIGINT NOT NULL,
  PRIMARY KEY (namespace_id, ancestor_id)
);
CREATE INDEX namespace_ancestors_by_ancestor ON namespace_ancestors (ancestor_id);
INSERT INTO namespace_ancestors (namespace_id, ancestor_id) SELECT id, id FROM namespaces;

CREATE TABLE group_members (
  group_id   BIGINT NOT NULL,
  user_id    BIGINT NOT NULL,
  role       BIGINT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

ALTER TABLE projects ADD COLUMN description TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE projects ADD COLUMN archived BOOLEAN NOT NULL DEFAULT FALSE;
-- GitLab's numbers: 0 off, 10 for members, 20 for everybody who sees the project.
ALTER TABLE projects ADD COLUMN experiments_access BIGINT NOT NULL DEFAULT 20;
ALTER TABLE projects ADD COLUMN registry_access BIGINT NOT NULL DEFAULT 20;
ALTER TABLE projects ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE projects ADD COLUMN deletes_at BIGINT;
-- Being removed, piece by piece: it is there for nobody any more.
ALTER TABLE projects ADD COLUMN removing BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE projects SET updated_at = created_at;
CREATE INDEX projects_by_namespace ON projects (namespace_id);

-- Paths, in lower case, that a project had before it was moved.
CREATE TABLE redirects (
  path       TEXT COLLATE "C"    NOT NULL PRIMARY KEY,
  project_id BIGINT NOT NULL
);
CREATE INDEX redirects_by_project ON redirects (project_id);

ALTER TABLE users ADD COLUMN deleted_at BIGINT;

ALTER TABLE access_tokens ADD COLUMN description TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE access_tokens ADD COLUMN group_id BIGINT;
-- Of the bot of a project's or a group's token.
ALTER TABLE access_tokens ADD COLUMN role BIGINT;
-- The first token of the row of rotations that this one stands in.
ALTER TABLE access_tokens ADD COLUMN family_id BIGINT;
UPDATE access_tokens SET family_id = id;
UPDATE access_tokens
SET role = (SELECT m.role FROM project_members m
            WHERE m.project_id = access_tokens.project_id AND m.user_id = access_tokens.user_id)
WHERE project_id IS NOT NULL;
CREATE INDEX access_tokens_by_group ON access_tokens (group_id);
CREATE INDEX access_tokens_by_family ON access_tokens (family_id);
