-- Who somebody is to a provider of OpenID Connect.
CREATE TABLE identities (
  issuer     TEXT    NOT NULL,
  subject    TEXT    NOT NULL,
  user_id    INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, subject)
) WITHOUT ROWID;
CREATE INDEX identities_by_user ON identities (user_id);

-- Memberships that were given for a group at the provider, and are taken back with it.
CREATE TABLE granted_roles (
  user_id  INTEGER NOT NULL,
  -- project, group, or administrator with the number 0
  kind     TEXT    NOT NULL,
  place_id INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, place_id)
) WITHOUT ROWID;
