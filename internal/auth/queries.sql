-- name: AddPrincipal :exec
INSERT INTO auth_principal (id, kind, name, email, verified, created_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: Principal :one
SELECT sqlc.embed(p), CAST(coalesce((SELECT string_agg(r.role, ' ') FROM auth_role r WHERE r.principal = p.id AND r.until IS NULL), '') AS TEXT) AS roles
FROM auth_principal p WHERE p.id = $1;

-- name: PrincipalByEmail :one
SELECT sqlc.embed(p), CAST(coalesce((SELECT string_agg(r.role, ' ') FROM auth_role r WHERE r.principal = p.id AND r.until IS NULL), '') AS TEXT) AS roles
FROM auth_principal p WHERE p.email = $1 AND p.email <> '';

-- name: People :many
SELECT sqlc.embed(p), CAST(coalesce((SELECT string_agg(r.role, ' ') FROM auth_role r WHERE r.principal = p.id AND r.until IS NULL), '') AS TEXT) AS roles
FROM auth_principal p
WHERE (CAST(sqlc.arg(kind) AS TEXT) = '' OR p.kind = sqlc.arg(kind))
  AND (CAST(sqlc.arg(only_id) AS TEXT) = '' OR p.id = sqlc.arg(only_id))
  AND (CAST(sqlc.arg(words) AS TEXT) = '' OR lower(p.name) LIKE sqlc.arg(words) ESCAPE '\' OR p.email LIKE sqlc.arg(words) ESCAPE '\')
  AND (CAST(sqlc.arg(state) AS TEXT) = '' OR (CAST(sqlc.arg(state) AS TEXT) = 'disabled') = (p.disabled_at IS NOT NULL))
  AND (CAST(sqlc.arg(role) AS TEXT) = '' OR EXISTS (
      SELECT 1 FROM auth_role h WHERE h.principal = p.id AND h.role = sqlc.arg(role) AND h.until IS NULL))
  AND (p.name, p.id) > (sqlc.arg(after_name), sqlc.arg(after_id))
ORDER BY p.name, p.id LIMIT sqlc.arg(most);

-- name: NameOf :one
SELECT name FROM auth_principal WHERE id = $1;

-- name: Rename :exec
UPDATE auth_principal SET name = $1 WHERE id = $2;

-- name: Disable :exec
UPDATE auth_principal SET disabled_at = $1 WHERE id = $2;

-- name: SetEmail :exec
UPDATE auth_principal SET email = $1, verified = 1 WHERE id = $2;

-- name: OtherAdministrators :one
SELECT count(*) FROM auth_role r JOIN auth_principal p ON p.id = r.principal
WHERE r.role = 'administrator' AND r.until IS NULL AND p.disabled_at IS NULL AND p.kind = 'person' AND p.id <> $1;

-- name: CountPrincipals :one
SELECT count(*) FROM auth_principal;

-- name: Tally :one
SELECT
	(SELECT count(*) FROM auth_principal WHERE kind = 'person' AND disabled_at IS NULL) AS people,
	(SELECT count(*) FROM auth_principal WHERE kind = 'service' AND disabled_at IS NULL) AS services,
	(SELECT count(*) FROM auth_invitation WHERE ended_at IS NULL) AS invitations;

-- name: GiveRole :exec
INSERT INTO auth_role (principal, role, since, given_by) VALUES ($1, $2, $3, $4);

-- name: TakeRole :execrows
UPDATE auth_role SET until = $1, taken_by = $2 WHERE principal = $3 AND role = $4 AND until IS NULL;

-- name: RoleHistory :many
SELECT h.role, h.since, h.until, h.given_by, coalesce(g.name, '') AS giver, coalesce(h.taken_by, '') AS taken_by, coalesce(k.name, '') AS taker
FROM auth_role h LEFT JOIN auth_principal g ON g.id = h.given_by LEFT JOIN auth_principal k ON k.id = h.taken_by
WHERE h.principal = $1 ORDER BY h.since DESC, h.role;

-- name: Password :one
SELECT * FROM auth_password WHERE principal = $1;

-- name: SetPassword :exec
INSERT INTO auth_password (principal, hash, changed_at) VALUES ($1, $2, $3)
ON CONFLICT (principal) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at;

-- name: AddSession :exec
INSERT INTO auth_session (id, secret, principal, means, device, created_at, seen_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: SessionBySecret :one
SELECT s.id, s.created_at, s.seen_at, s.expires_at, p.id AS principal, p.kind, p.name, p.disabled_at,
    CAST(coalesce((SELECT string_agg(r.role, ' ') FROM auth_role r WHERE r.principal = p.id AND r.until IS NULL), '') AS TEXT) AS roles
FROM auth_session s JOIN auth_principal p ON p.id = s.principal WHERE s.secret = $1;

-- name: SessionsOf :many
SELECT * FROM auth_session WHERE principal = $1 AND expires_at > $2 ORDER BY seen_at DESC, id;

-- name: Session :one
SELECT * FROM auth_session WHERE id = $1;

-- name: SeeSession :exec
UPDATE auth_session SET seen_at = $1, expires_at = $2 WHERE id = $3;

-- name: EndSession :exec
DELETE FROM auth_session WHERE id = $1;

-- name: EndSessionsOf :execrows
DELETE FROM auth_session WHERE principal = $1 AND id <> $2;

-- name: RevokeTokensOf :exec
UPDATE auth_token SET revoked_at = $1 WHERE principal = $2 AND revoked_at IS NULL;

-- name: Token :one
SELECT * FROM auth_token WHERE id = $1;

-- name: AddToken :exec
INSERT INTO auth_token (id, secret, principal, name, scopes, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: TokenBySecret :one
SELECT t.id, t.scopes, t.expires_at, t.used_at, t.revoked_at, p.id AS principal, p.kind, p.name, p.disabled_at,
    CAST(coalesce((SELECT string_agg(r.role, ' ') FROM auth_role r WHERE r.principal = p.id AND r.until IS NULL), '') AS TEXT) AS roles
FROM auth_token t JOIN auth_principal p ON p.id = t.principal WHERE t.secret = $1;

-- name: TokensOf :many
SELECT * FROM auth_token WHERE principal = $1 ORDER BY created_at DESC, id;

-- name: UseToken :exec
UPDATE auth_token SET used_at = $1 WHERE id = $2;

-- name: RevokeToken :exec
UPDATE auth_token SET revoked_at = $1 WHERE id = $2;

-- name: AddLink :exec
INSERT INTO auth_link (secret, purpose, subject, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Link :one
SELECT * FROM auth_link WHERE secret = $1;

-- name: UseLink :execrows
UPDATE auth_link SET used_at = $1 WHERE secret = $2 AND used_at IS NULL AND expires_at > $1;

-- name: ForgetLinks :exec
DELETE FROM auth_link WHERE purpose = $1 AND subject = $2;

-- name: ForgetLinksOf :exec
DELETE FROM auth_link WHERE subject = $1;

-- name: SeeDevice :exec
INSERT INTO auth_device (secret, principal, seen_at) VALUES ($1, $2, $3)
ON CONFLICT (secret, principal) DO UPDATE SET seen_at = excluded.seen_at;

-- name: IsDevice :one
SELECT count(*) FROM auth_device WHERE secret = $1 AND principal = $2;

-- name: AddInvitation :exec
INSERT INTO auth_invitation (id, email, name, roles, invited_by, created_at, expires_at, principal)
VALUES ($1, $2, $3, $4, $5, $6, $7, '');

-- name: Invitation :one
SELECT * FROM auth_invitation WHERE id = $1;

-- name: OpenInvitation :one
SELECT * FROM auth_invitation WHERE email = $1 AND ended_at IS NULL;

-- name: OpenInvitations :many
SELECT i.id, i.email, i.name, i.roles, i.invited_by, i.created_at, i.expires_at, coalesce(p.name, '') AS inviter
FROM auth_invitation i LEFT JOIN auth_principal p ON p.id = i.invited_by
WHERE i.ended_at IS NULL ORDER BY i.created_at DESC, i.id LIMIT $1;

-- name: ProlongInvitation :exec
UPDATE auth_invitation SET expires_at = $1 WHERE id = $2;

-- name: EndInvitation :execrows
UPDATE auth_invitation SET ended_at = $1, principal = $2 WHERE id = $3 AND ended_at IS NULL;

-- name: AddLetter :exec
INSERT INTO auth_letter (id, kind, subject, email, asked_at) VALUES ($1, $2, $3, $4, $5);

-- name: Letter :one
SELECT * FROM auth_letter WHERE id = $1;

-- name: AddChallenge :exec
INSERT INTO auth_challenge (secret, purpose, principal, browser, content, expires_at) VALUES ($1, $2, $3, $4, $5, $6);

-- name: Challenge :one
SELECT * FROM auth_challenge WHERE secret = $1;

-- name: EndChallenge :execrows
DELETE FROM auth_challenge WHERE secret = $1;

-- name: AddPasskey :exec
INSERT INTO auth_passkey (id, principal, relying_party, credential, name, record, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Passkey :one
SELECT * FROM auth_passkey WHERE relying_party = $1 AND credential = $2;

-- name: PasskeysOf :many
SELECT * FROM auth_passkey WHERE principal = $1 ORDER BY created_at, id;

-- name: UsePasskey :exec
UPDATE auth_passkey SET record = $1, used_at = $2 WHERE id = $3;

-- name: RenamePasskey :execrows
UPDATE auth_passkey SET name = $1 WHERE id = $2 AND principal = $3;

-- name: RemovePasskey :execrows
DELETE FROM auth_passkey WHERE id = $1 AND principal = $2;

-- name: AddIdentity :exec
INSERT INTO auth_identity (id, principal, issuer, subject, email, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: Identity :one
SELECT * FROM auth_identity WHERE issuer = $1 AND subject = $2;

-- name: IdentitiesOf :many
SELECT * FROM auth_identity WHERE principal = $1 ORDER BY created_at, id;

-- name: UseIdentity :exec
UPDATE auth_identity SET used_at = $1 WHERE id = $2;

-- name: RemoveIdentity :execrows
DELETE FROM auth_identity WHERE id = $1 AND principal = $2;

-- name: PruneLinks :execrows
DELETE FROM auth_link WHERE expires_at < $1;

-- name: PruneChallenges :execrows
DELETE FROM auth_challenge WHERE expires_at < $1;

-- name: PruneSessions :execrows
DELETE FROM auth_session WHERE expires_at < $1;

-- name: PruneLetters :execrows
DELETE FROM auth_letter WHERE asked_at < $1;

-- name: PruneInvitations :execrows
DELETE FROM auth_invitation WHERE ended_at < $1;

-- name: PruneDevices :execrows
DELETE FROM auth_device WHERE seen_at < $1;
