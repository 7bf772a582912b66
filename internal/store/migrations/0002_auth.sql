-- +goose Up

-- Who can act: people who sign in, and services that show a token.
CREATE TABLE auth_principal (
    id          TEXT   PRIMARY KEY,
    kind        TEXT   NOT NULL CHECK (kind IN ('person', 'service')),
    name        TEXT   NOT NULL,
    -- Of a person, in lower case; what a link of an identity provider goes by
    -- only if it is verified. Of a service ''.
    email       TEXT   NOT NULL,
    verified    BIGINT NOT NULL CHECK (verified IN (0, 1)),
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE UNIQUE INDEX auth_principal_email ON auth_principal (email) WHERE email <> '';
CREATE INDEX auth_principal_name ON auth_principal (name, id);

-- The roles that somebody has or had for the whole organisation.
CREATE TABLE auth_role (
    principal  TEXT   NOT NULL REFERENCES auth_principal (id),
    role       TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    given_by   TEXT   NOT NULL, -- principal; '' is the program
    until      BIGINT,
    taken_by   TEXT,
    PRIMARY KEY (principal, role, since)
);

CREATE TABLE auth_password (
    principal  TEXT   PRIMARY KEY REFERENCES auth_principal (id),
    hash       TEXT   NOT NULL, -- argon2id, in the PHC string format
    changed_at BIGINT NOT NULL
);

-- Sessions, by the SHA-256 of what the cookie holds.
CREATE TABLE auth_session (
    id         TEXT   PRIMARY KEY,
    secret     TEXT   NOT NULL UNIQUE,
    principal  TEXT   NOT NULL REFERENCES auth_principal (id),
    means      TEXT   NOT NULL, -- how they signed in: 'password' or 'link'
    device     TEXT   NOT NULL, -- kind of browser and system, for the list of sessions
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX auth_session_principal ON auth_session (principal, created_at);
CREATE INDEX auth_session_expires ON auth_session (expires_at);

-- API tokens, by the SHA-256 of their secret part.
CREATE TABLE auth_token (
    id         TEXT   PRIMARY KEY,
    secret     TEXT   NOT NULL UNIQUE,
    principal  TEXT   NOT NULL REFERENCES auth_principal (id),
    name       TEXT   NOT NULL,
    scopes     TEXT   NOT NULL, -- separated by blanks
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT,
    revoked_at BIGINT
);

CREATE INDEX auth_token_principal ON auth_token (principal, created_at);

-- Links that are good for one use, by the SHA-256 of what the link holds.
CREATE TABLE auth_link (
    secret     TEXT   PRIMARY KEY,
    purpose    TEXT   NOT NULL, -- 'first': to become the first administrator
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at    BIGINT
);

-- Browsers in which somebody has signed in before, by the SHA-256 of a cookie.
-- Wrong passwords from elsewhere do not lock them out.
CREATE TABLE auth_device (
    secret     TEXT   NOT NULL,
    principal  TEXT   NOT NULL REFERENCES auth_principal (id),
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (secret, principal)
);
