-- name: audit_entry_add
insert into audit_entry (organization_id, user_id, action, subject, detail) values ($1, $2, $3, $4, $5::jsonb)
