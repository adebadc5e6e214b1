CREATE TABLE passwords (
  user_id BIGINT  NOT NULL PRIMARY KEY,
  -- argon2id with its parameters and salt, in PHC's form.
  hash    TEXT COLLATE "C" NOT NULL,
  set_at  BIGINT  NOT NULL
);

-- Of browsers that have signed in. Of each secret only the SHA-256 is kept.
CREATE TABLE sessions (
  id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id      BIGINT  NOT NULL,
  digest       BYTEA   NOT NULL,
  -- password, link or oidc
  method       TEXT COLLATE "C" NOT NULL,
  address      TEXT COLLATE "C" NOT NULL,
  user_agent   TEXT COLLATE "C" NOT NULL,
  created_at   BIGINT  NOT NULL,
  last_used_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX sessions_by_digest ON sessions (digest);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE sign_in_links (
  digest     BYTEA   NOT NULL PRIMARY KEY,
  user_id    BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL
);
CREATE INDEX sign_in_links_by_user ON sign_in_links (user_id);

-- Attempts to sign in by password that did not succeed, since the first of a while.
CREATE TABLE sign_in_attempts (
  -- SHA-256 of a user name or an address: people type passwords in the wrong field.
  subject  BYTEA   NOT NULL PRIMARY KEY,
  attempts BIGINT  NOT NULL,
  since    BIGINT  NOT NULL
);
CREATE INDEX sign_in_attempts_by_time ON sign_in_attempts (since);
