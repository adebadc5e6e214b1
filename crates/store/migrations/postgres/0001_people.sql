CREATE TABLE users (
  id              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  username        TEXT COLLATE "C"    NOT NULL,
  name            TEXT COLLATE "C"    NOT NULL,
  email           TEXT COLLATE "C",
  administrator   BOOLEAN NOT NULL,
  bot             BOOLEAN NOT NULL,
  blocked         BOOLEAN NOT NULL,
  created_at      BIGINT NOT NULL
);
-- GitLab's user names are unique whatever their letter case.
CREATE UNIQUE INDEX users_by_username ON users (lower(username));

-- What projects live in: a user's own, later groups.
CREATE TABLE namespaces (
  id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  full_path  TEXT COLLATE "C"    NOT NULL,
  name       TEXT COLLATE "C"    NOT NULL,
  owner_id   BIGINT,
  parent_id  BIGINT,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX namespaces_by_path ON namespaces (lower(full_path));

CREATE TABLE projects (
  id                  BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  namespace_id        BIGINT NOT NULL,
  path                TEXT COLLATE "C"    NOT NULL,
  full_path           TEXT COLLATE "C"    NOT NULL,
  name                TEXT COLLATE "C"    NOT NULL,
  visibility          BIGINT NOT NULL,
  creator_id          BIGINT NOT NULL,
  next_experiment_iid BIGINT NOT NULL,
  next_run_iid        BIGINT NOT NULL,
  created_at          BIGINT NOT NULL
);
CREATE UNIQUE INDEX projects_by_path ON projects (lower(full_path));

CREATE TABLE project_members (
  project_id BIGINT NOT NULL,
  user_id    BIGINT NOT NULL,
  role       BIGINT NOT NULL,
  expires_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id)
);
CREATE INDEX project_members_by_user ON project_members (user_id);

CREATE TABLE access_tokens (
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id      BIGINT NOT NULL,
  -- Set for a project access token, whose user is a bot made for it.
  project_id   BIGINT,
  name         TEXT COLLATE "C"    NOT NULL,
  -- SHA-256 of the token; the token itself is shown once and kept nowhere.
  digest       BYTEA    NOT NULL,
  scopes       TEXT COLLATE "C"    NOT NULL,
  created_at   BIGINT NOT NULL,
  expires_at   BIGINT,
  revoked_at   BIGINT,
  last_used_at BIGINT
);
CREATE UNIQUE INDEX access_tokens_by_digest ON access_tokens (digest);
CREATE INDEX access_tokens_by_user ON access_tokens (user_id);
CREATE INDEX access_tokens_by_project ON access_tokens (project_id);

-- Values that belong to the installation: the key of page tokens and part addresses.
CREATE TABLE settings (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value BYTEA NOT NULL
);
