-- name: AddFile :exec
INSERT INTO files_file (id, owner_kind, owner_id, name, declared, type, size, sha256, state, added_by, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'uploaded', $9, $10);

-- name: File :one
SELECT * FROM files_file WHERE id = $1;

-- name: FilesOf :many
SELECT * FROM files_file WHERE owner_kind = $1 AND owner_id = $2 ORDER BY at, id;

-- name: Judge :execrows
UPDATE files_file SET state = $1 WHERE id = $2 AND state = 'uploaded';

-- name: RemoveFile :execrows
DELETE FROM files_file WHERE id = $1;

-- name: WaitingFiles :many
SELECT id FROM files_file WHERE state = 'uploaded' AND id > $1 ORDER BY id LIMIT $2;
