-- Who somebody is to a provider of OpenID Connect.
CREATE TABLE identities (
  issuer     TEXT COLLATE "C" NOT NULL,
  subject    TEXT COLLATE "C" NOT NULL,
  user_id    BIGINT  NOT NULL,
  created_at BIGINT  NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX identities_by_user ON identities (user_id);

-- Memberships that were given for a group at the provider, and are taken back with it.
CREATE TABLE granted_roles (
  user_id  BIGINT  NOT NULL,
  -- project, group, or administrator with the number 0
  kind     TEXT COLLATE "C" NOT NULL,
  place_id BIGINT  NOT NULL,
  PRIMARY KEY (user_id, kind, place_id)
);
