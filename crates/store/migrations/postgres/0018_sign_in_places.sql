-- From where a user name was signed in by password: there it is not closed when others try it elsewhere.
CREATE TABLE sign_in_places (
  -- SHA-256 of user name and address, and of the user name.
  place        BYTEA NOT NULL PRIMARY KEY,
  user_subject BYTEA NOT NULL,
  used_at      BIGINT NOT NULL
);
CREATE INDEX sign_in_places_by_user ON sign_in_places (user_subject, used_at);
CREATE INDEX sign_in_places_by_time ON sign_in_places (used_at);
