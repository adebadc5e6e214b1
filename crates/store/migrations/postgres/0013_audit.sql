-- What was done, in the order it was written; waits there for its place in the chain.
CREATE TABLE audit_inbox (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  event       TEXT COLLATE "C" NOT NULL,
  actor_id    BIGINT NOT NULL,
  actor       TEXT COLLATE "C" NOT NULL,
  means       TEXT COLLATE "C" NOT NULL,
  address     TEXT COLLATE "C",
  entity_kind TEXT COLLATE "C" NOT NULL,
  entity_id   BIGINT NOT NULL,
  entity_path TEXT COLLATE "C" NOT NULL,
  target_kind TEXT COLLATE "C" NOT NULL,
  target_id   TEXT COLLATE "C" NOT NULL,
  target      TEXT COLLATE "C" NOT NULL,
  before      TEXT COLLATE "C",
  after       TEXT COLLATE "C",
  count       BIGINT NOT NULL,
  created_at  BIGINT NOT NULL
);

-- The chain: written once.
CREATE TABLE audit_events (
  sequence      BIGINT NOT NULL PRIMARY KEY,
  entity_number BIGINT NOT NULL,
  event         TEXT COLLATE "C" NOT NULL,
  actor_id      BIGINT NOT NULL,
  actor         TEXT COLLATE "C" NOT NULL,
  means         TEXT COLLATE "C" NOT NULL,
  address       TEXT COLLATE "C",
  entity_kind   TEXT COLLATE "C" NOT NULL,
  entity_id     BIGINT NOT NULL,
  entity_path   TEXT COLLATE "C" NOT NULL,
  target_kind   TEXT COLLATE "C" NOT NULL,
  target_id     TEXT COLLATE "C" NOT NULL,
  target        TEXT COLLATE "C" NOT NULL,
  before        TEXT COLLATE "C",
  after         TEXT COLLATE "C",
  count         BIGINT NOT NULL,
  created_at    BIGINT NOT NULL,
  hash          BYTEA  NOT NULL
);
CREATE UNIQUE INDEX audit_events_by_entity ON audit_events (entity_kind, entity_id, entity_number);

-- The end of the chain.
CREATE TABLE audit_head (
  id       BIGINT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL,
  hash     BYTEA  NOT NULL
);
INSERT INTO audit_head (id, sequence, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- A mistake of ours, or a careless hand, changes nothing; whoever means to can take the triggers away, and then the
-- chain tells.
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_events_remain BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_advances BEFORE UPDATE ON audit_head
  FOR EACH ROW WHEN (NEW.sequence <= OLD.sequence) EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_head_remains BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
