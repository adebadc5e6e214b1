-- What was given, so that a change by hand is told apart from it, and what somebody here had given before.
ALTER TABLE granted_roles ADD COLUMN role BIGINT;
ALTER TABLE granted_roles ADD COLUMN before_role BIGINT;
ALTER TABLE granted_roles ADD COLUMN before_expires_at BIGINT;
UPDATE granted_roles SET role = (SELECT m.role FROM project_members m
                                 WHERE m.project_id = granted_roles.place_id AND m.user_id = granted_roles.user_id)
WHERE kind = 'project';
UPDATE granted_roles SET role = (SELECT m.role FROM group_members m
                                 WHERE m.group_id = granted_roles.place_id AND m.user_id = granted_roles.user_id)
WHERE kind = 'group';
