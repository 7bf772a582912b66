-- name: AddPrincipal :exec
INSERT INTO auth_principal (id, kind, name, email, verified, created_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: Principal :one
SELECT * FROM auth_principal WHERE id = $1;

-- name: PrincipalByEmail :one
SELECT * FROM auth_principal WHERE email = $1 AND email <> '';

-- name: CountPrincipals :one
SELECT count(*) FROM auth_principal;

-- name: RolesOf :many
SELECT role FROM auth_role WHERE principal = $1 AND until IS NULL ORDER BY role;

-- name: GiveRole :exec
INSERT INTO auth_role (principal, role, since, given_by) VALUES ($1, $2, $3, $4);

-- name: Password :one
SELECT * FROM auth_password WHERE principal = $1;

-- name: SetPassword :exec
INSERT INTO auth_password (principal, hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (principal) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at;

-- name: AddSession :exec
INSERT INTO auth_session (id, secret, principal, means, device, created_at, seen_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: SessionBySecret :one
SELECT * FROM auth_session WHERE secret = $1;

-- name: SessionsOf :many
SELECT * FROM auth_session WHERE principal = $1 AND expires_at > $2 ORDER BY seen_at DESC, id;

-- name: SeeSession :exec
UPDATE auth_session SET seen_at = $1, expires_at = $2 WHERE id = $3;

-- name: EndSession :execrows
DELETE FROM auth_session WHERE id = $1 AND principal = $2;

-- name: EndSessionsOf :execrows
DELETE FROM auth_session WHERE principal = $1 AND id <> $2;

-- name: AddToken :exec
INSERT INTO auth_token (id, secret, principal, name, scopes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: TokenBySecret :one
SELECT * FROM auth_token WHERE secret = $1;

-- name: TokensOf :many
SELECT * FROM auth_token WHERE principal = $1 ORDER BY created_at DESC, id;

-- name: UseToken :exec
UPDATE auth_token SET used_at = $1 WHERE id = $2;

-- name: RevokeToken :execrows
UPDATE auth_token SET revoked_at = $1 WHERE id = $2 AND principal = $3 AND revoked_at IS NULL;

-- name: AddLink :exec
INSERT INTO auth_link (secret, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4);

-- name: Link :one
SELECT * FROM auth_link WHERE secret = $1;

-- name: UseLink :execrows
UPDATE auth_link SET used_at = $1 WHERE secret = $2 AND used_at IS NULL AND expires_at > $1;

-- name: ForgetLinks :exec
DELETE FROM auth_link WHERE purpose = $1;

-- name: SeeDevice :exec
INSERT INTO auth_device (secret, principal, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (secret, principal) DO UPDATE SET seen_at = excluded.seen_at;

-- name: IsDevice :one
SELECT count(*) FROM auth_device WHERE secret = $1 AND principal = $2;
