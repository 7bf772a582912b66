-- +goose Up

-- The master keys under which data keys are sealed now. The keys themselves are
-- not in the database; a key's id is made from it and does not tell it.
CREATE TABLE vault_key (
    id    TEXT   PRIMARY KEY,
    probe TEXT   NOT NULL, -- a known text, sealed by the key
    at    BIGINT NOT NULL
);

-- The secrets of others that the program has to show them, such as the one of
-- an identity provider: each is sealed by a key of its own, which is sealed by
-- a master key.
CREATE TABLE vault_secret (
    name       TEXT   PRIMARY KEY,
    version    BIGINT NOT NULL, -- rises with each value
    master     TEXT   NOT NULL REFERENCES vault_key (id),
    data_key   TEXT   NOT NULL, -- sealed by the master key; base64
    sealed     TEXT   NOT NULL, -- the value, sealed by the data key; base64
    changed_at BIGINT NOT NULL
);

CREATE INDEX vault_secret_master ON vault_secret (master);
