-- The bot of a token is a member as long as the token lasts.
UPDATE project_members SET expires_at = (
  SELECT MAX(t.expires_at) FROM access_tokens t
  WHERE t.user_id = project_members.user_id AND t.project_id = project_members.project_id AND t.revoked_at IS NULL)
WHERE expires_at IS NULL AND user_id IN (SELECT id FROM users WHERE bot);
UPDATE group_members SET expires_at = (
  SELECT MAX(t.expires_at) FROM access_tokens t
  WHERE t.user_id = group_members.user_id AND t.group_id = group_members.group_id AND t.revoked_at IS NULL)
WHERE expires_at IS NULL AND user_id IN (SELECT id FROM users WHERE bot);
