-- INSERT OR REPLACE deletes without asking the trigger of deletions, unless the connection wants recursive triggers.
CREATE TRIGGER audit_events_are_new BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE sequence = NEW.sequence)
  OR EXISTS (SELECT 1 FROM audit_events WHERE entity_kind = NEW.entity_kind AND entity_id = NEW.entity_id
                                          AND entity_number = NEW.entity_number)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head)
BEGIN SELECT RAISE(ABORT, 'the audit log has one head'); END;
