-- +goose Up

-- What a link is about: the invitation, or the principal.
ALTER TABLE auth_link ADD COLUMN subject TEXT NOT NULL DEFAULT '';
-- The address that a link was sent to, if whoever shows it proves that it is
-- theirs.
ALTER TABLE auth_link ADD COLUMN email TEXT NOT NULL DEFAULT '';

CREATE INDEX auth_link_subject ON auth_link (subject, purpose);
CREATE INDEX auth_link_expires ON auth_link (expires_at);

-- Who was asked to join. An invitation is open until it is accepted or
-- withdrawn; an address has one open invitation at most.
CREATE TABLE auth_invitation (
    id         TEXT   PRIMARY KEY,
    email      TEXT   NOT NULL, -- in lower case
    name       TEXT   NOT NULL, -- a suggestion; may be ''
    roles      TEXT   NOT NULL, -- separated by blanks
    invited_by TEXT   NOT NULL, -- principal; '' is the program
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL, -- moves when it is sent again
    ended_at   BIGINT,
    principal  TEXT   NOT NULL  -- who accepted it; '' until then, and of one that was withdrawn
);

CREATE UNIQUE INDEX auth_invitation_open ON auth_invitation (email) WHERE ended_at IS NULL;
CREATE INDEX auth_invitation_created ON auth_invitation (created_at, id);

-- Letters that were asked for. The job that sends one names its id; what it
-- says and where it goes is read then. A request for an account that does not
-- exist has a row as well, so that it takes the same time.
CREATE TABLE auth_letter (
    id       TEXT   PRIMARY KEY,
    kind     TEXT   NOT NULL,
    subject  TEXT   NOT NULL, -- the invitation, or the principal; '' is nobody
    email    TEXT   NOT NULL, -- the address that is to be verified; else ''
    asked_at BIGINT NOT NULL
);

CREATE INDEX auth_letter_asked ON auth_letter (asked_at);

-- What was asked of a browser and waits for its answer: a signature of a
-- passkey, or the way back from an identity provider. Good for one answer.
CREATE TABLE auth_challenge (
    secret     TEXT   PRIMARY KEY, -- SHA-256 of the challenge or the state
    purpose    TEXT   NOT NULL,
    principal  TEXT   NOT NULL, -- whose account it is about; '' if that is not known yet
    browser    TEXT   NOT NULL, -- SHA-256 of a cookie, or a session's id; '' for any browser
    content    TEXT   NOT NULL, -- JSON
    expires_at BIGINT NOT NULL
);

CREATE INDEX auth_challenge_expires ON auth_challenge (expires_at);

CREATE TABLE auth_passkey (
    id            TEXT   PRIMARY KEY,
    principal     TEXT   NOT NULL REFERENCES auth_principal (id),
    relying_party TEXT   NOT NULL, -- the domain that it was made for
    credential    TEXT   NOT NULL, -- its id, in base64url
    name          TEXT   NOT NULL, -- what its owner calls it
    record        TEXT   NOT NULL, -- JSON: public key, signature counter, flags
    created_at    BIGINT NOT NULL,
    used_at       BIGINT,
    UNIQUE (relying_party, credential)
);

CREATE INDEX auth_passkey_principal ON auth_passkey (principal, created_at);

-- Accounts at identity providers by which somebody may sign in.
CREATE TABLE auth_identity (
    id         TEXT   PRIMARY KEY,
    principal  TEXT   NOT NULL REFERENCES auth_principal (id),
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL, -- what the issuer calls them, for ever
    email      TEXT   NOT NULL, -- as the issuer verified it when the two were linked
    created_at BIGINT NOT NULL,
    used_at    BIGINT,
    UNIQUE (issuer, subject)
);

CREATE INDEX auth_identity_principal ON auth_identity (principal, created_at);
