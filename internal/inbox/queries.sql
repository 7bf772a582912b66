-- name: Snoozed :many
SELECT key, until_day, until_at FROM inbox_snooze WHERE principal = $1 AND until_at > $2;

-- name: Snooze :exec
INSERT INTO inbox_snooze (principal, key, until_day, until_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (principal, key) DO UPDATE SET until_day = excluded.until_day, until_at = excluded.until_at;

-- name: Wake :execrows
DELETE FROM inbox_snooze WHERE principal = $1 AND key = $2;

-- name: DropAwake :exec
DELETE FROM inbox_snooze WHERE principal = $1 AND until_at <= $2;
