-- name: Revision :one
SELECT revision FROM policy_revision WHERE one = 1;

-- name: SetRevision :exec
INSERT INTO policy_revision (one, revision) VALUES (1, $1)
ON CONFLICT (one) DO UPDATE SET revision = excluded.revision;

-- name: Current :many
SELECT * FROM policy_decision WHERE until IS NULL ORDER BY since, id;

-- name: HeldAt :many
SELECT * FROM policy_decision
WHERE since <= sqlc.arg(moment) AND (until IS NULL OR until > sqlc.arg(moment))
ORDER BY since, id;

-- name: CurrentOf :one
SELECT * FROM policy_decision WHERE path = $1 AND until IS NULL;

-- name: Add :exec
INSERT INTO policy_decision (id, path, value, reason, since, decided_by, ended_by, end_reason)
VALUES ($1, $2, $3, $4, $5, $6, '', '');

-- name: End :execrows
UPDATE policy_decision SET until = $1, ended_by = $2, end_reason = $3 WHERE id = $4 AND until IS NULL;

-- name: Latest :many
SELECT * FROM policy_decision ORDER BY since DESC, id DESC LIMIT $1;

-- name: LatestBefore :many
SELECT * FROM policy_decision
WHERE (since, id) < (sqlc.arg(since), CAST(sqlc.arg(id) AS TEXT))
ORDER BY since DESC, id DESC LIMIT sqlc.arg(most);

-- name: LatestOf :many
SELECT * FROM policy_decision WHERE path = $1 ORDER BY since DESC, id DESC LIMIT $2;

-- name: LatestOfBefore :many
SELECT * FROM policy_decision
WHERE path = sqlc.arg(path) AND (since, id) < (sqlc.arg(since), CAST(sqlc.arg(id) AS TEXT))
ORDER BY since DESC, id DESC LIMIT sqlc.arg(most);
