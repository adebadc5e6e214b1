-- What was done, in the order it was written; waits there for its place in the chain.
CREATE TABLE audit_inbox (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  event       TEXT    NOT NULL,
  actor_id    INTEGER NOT NULL,
  actor       TEXT    NOT NULL,
  means       TEXT    NOT NULL,
  address     TEXT,
  entity_kind TEXT    NOT NULL,
  entity_id   INTEGER NOT NULL,
  entity_path TEXT    NOT NULL,
  target_kind TEXT    NOT NULL,
  target_id   TEXT    NOT NULL,
  target      TEXT    NOT NULL,
  before      TEXT,
  after       TEXT,
  count       INTEGER NOT NULL,
  created_at  INTEGER NOT NULL
);

-- The chain: written once.
CREATE TABLE audit_events (
  sequence      INTEGER PRIMARY KEY,
  entity_number INTEGER NOT NULL,
  event         TEXT    NOT NULL,
  actor_id      INTEGER NOT NULL,
  actor         TEXT    NOT NULL,
  means         TEXT    NOT NULL,
  address       TEXT,
  entity_kind   TEXT    NOT NULL,
  entity_id     INTEGER NOT NULL,
  entity_path   TEXT    NOT NULL,
  target_kind   TEXT    NOT NULL,
  target_id     TEXT    NOT NULL,
  target        TEXT    NOT NULL,
  before        TEXT,
  after         TEXT,
  count         INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  hash          BLOB    NOT NULL
);
CREATE UNIQUE INDEX audit_events_by_entity ON audit_events (entity_kind, entity_id, entity_number);

-- The end of the chain.
CREATE TABLE audit_head (
  id       INTEGER PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash     BLOB    NOT NULL
);
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, zeroblob(32));

-- A mistake of ours, or a careless hand, changes nothing; whoever means to can take the triggers away, and then the
-- chain tells.
CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_events_remain BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_advances BEFORE UPDATE ON audit_head WHEN NEW.sequence <= OLD.sequence
BEGIN SELECT RAISE(ABORT, 'the head of the audit log only moves forward'); END;
CREATE TRIGGER audit_head_remains BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
