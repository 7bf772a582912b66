-- Releases.

-- name: AddRelease :exec
INSERT INTO catalog_release (number, hash, published_at, published_by, in_force_at, origin, place, revision, reading, families, added, changed, retired)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: LatestRelease :one
SELECT * FROM catalog_release ORDER BY number DESC LIMIT 1;

-- name: Release :one
SELECT * FROM catalog_release WHERE number = $1;

-- name: ReleaseInForce :one
SELECT * FROM catalog_release WHERE in_force_at <= $1 ORDER BY in_force_at DESC, number DESC LIMIT 1;

-- name: ReleasesBefore :many
SELECT * FROM catalog_release WHERE number < $1 ORDER BY number DESC LIMIT $2;

-- Families.

-- name: AddFamily :exec
INSERT INTO catalog_family (id, path, version, retired) VALUES ($1, $2, $3, $4);

-- name: SetFamily :exec
UPDATE catalog_family SET path = $1, version = $2, retired = $3 WHERE id = $4;

-- name: Families :many
SELECT * FROM catalog_family ORDER BY id;

-- name: RetiredFamilies :many
SELECT * FROM catalog_family WHERE retired <> 0 ORDER BY id;

-- name: Family :one
SELECT * FROM catalog_family WHERE id = $1;

-- Versions.

-- name: AddVersion :exec
INSERT INTO catalog_version (family, number, hash, path, title, description, department, release, gone)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0);

-- name: EndVersion :exec
UPDATE catalog_version SET gone = $1 WHERE family = $2 AND number = $3;

-- name: Version :one
SELECT * FROM catalog_version WHERE family = $1 AND number = $2;

-- name: VersionsOf :many
SELECT v.family, v.number, v.hash, v.path, v.title, v.description, v.department, v.release, v.gone,
    r.published_at, r.published_by, r.in_force_at, r.revision
FROM catalog_version v JOIN catalog_release r ON r.number = v.release
WHERE v.family = $1 ORDER BY v.number DESC;

-- name: VersionsInForce :many
SELECT * FROM catalog_version WHERE release <= $1 AND (gone = 0 OR gone > $1) ORDER BY title, family;

-- name: VersionsCome :many
SELECT * FROM catalog_version WHERE release = $1 ORDER BY title, family;

-- name: VersionsGone :many
SELECT * FROM catalog_version WHERE gone = $1 ORDER BY title, family;

-- name: AddPage :exec
INSERT INTO catalog_page (family, version, text, model) VALUES ($1, $2, $3, $4);

-- name: PageText :one
SELECT text FROM catalog_page WHERE family = $1 AND version = $2;

-- name: PageModel :one
SELECT model FROM catalog_page WHERE family = $1 AND version = $2;

-- Levels.

-- name: AddLevel :exec
INSERT INTO catalog_level (family, version, position, id, title, line, grades, track)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: LevelsOf :many
SELECT * FROM catalog_level WHERE family = $1 AND version = $2 ORDER BY position;

-- name: LevelsInForce :many
SELECT l.* FROM catalog_level l JOIN catalog_version v ON v.family = l.family AND v.number = l.version
WHERE v.release <= $1 AND (v.gone = 0 OR v.gone > $1) ORDER BY l.family, l.position;

-- What depends on other pages.

-- name: AddContext :exec
INSERT INTO catalog_context (family, release, hash, errors, warnings, infos, waived, findings, duties, ladder)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: ContextAt :one
SELECT * FROM catalog_context WHERE family = $1 AND release <= $2 ORDER BY release DESC LIMIT 1;

-- name: ContextsInForce :many
SELECT c.family, c.release, c.hash, c.errors, c.warnings, c.infos, c.waived, c.ladder
FROM catalog_context c JOIN (
    SELECT family, CAST(max(m.release) AS BIGINT) AS latest FROM catalog_context m WHERE m.release <= $1 GROUP BY m.family
) l ON l.family = c.family AND l.latest = c.release
ORDER BY c.family;

-- name: FindingsInForce :many
SELECT c.family, c.findings
FROM catalog_context c JOIN (
    SELECT family, CAST(max(m.release) AS BIGINT) AS latest FROM catalog_context m WHERE m.release <= $1 GROUP BY m.family
) l ON l.family = c.family AND l.latest = c.release
JOIN catalog_version v ON v.family = c.family AND v.release <= $1 AND (v.gone = 0 OR v.gone > $1)
WHERE c.findings <> '[]'
ORDER BY c.family;

-- Waivers.

-- name: AddWaiver :exec
INSERT INTO catalog_waiver (id, fingerprint, code, path, reason, given_by, given_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: Waivers :many
SELECT * FROM catalog_waiver WHERE revoked_at IS NULL ORDER BY given_at, id;

-- name: Waiver :one
SELECT * FROM catalog_waiver WHERE id = $1;

-- name: RevokeWaiver :execrows
UPDATE catalog_waiver SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL;

-- What code hosts have told.

-- name: AddDelivery :execrows
INSERT INTO catalog_delivery (id, at, revision) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING;

-- name: EndDelivery :exec
UPDATE catalog_delivery SET outcome = $1, release = $2, blocking = $3 WHERE id = $4;

-- name: LatestDelivery :one
SELECT * FROM catalog_delivery ORDER BY at DESC, id LIMIT 1;

-- name: ForgetDeliveries :exec
DELETE FROM catalog_delivery WHERE at < $1;

-- Uploads that nobody has decided about.

-- name: AddUpload :exec
INSERT INTO catalog_upload (id, name, by_whom, at, force_at, archive) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Upload :one
SELECT * FROM catalog_upload WHERE id = $1 AND by_whom = $2;

-- name: ForgetUpload :exec
DELETE FROM catalog_upload WHERE id = $1;

-- name: ForgetUploads :exec
DELETE FROM catalog_upload WHERE at < $1;
