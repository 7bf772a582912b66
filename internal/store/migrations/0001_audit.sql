-- +goose Up

-- The journal: who did what to which thing, and when. Rows are only ever
-- added. Each row's hash covers its content, the hash of the row before it in
-- its chain, and the hash of a recent row of another chain (its witness). A
-- process writes chains of its own, one for each transaction that runs at the
-- same time, so that writers do not wait for each other.
CREATE TABLE audit_entry (
    chain         TEXT   NOT NULL,
    seq           BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    actor         TEXT   NOT NULL, -- id of the principal; '' is the program itself
    action        TEXT   NOT NULL,
    thing_kind    TEXT   NOT NULL,
    thing_id      TEXT   NOT NULL,
    request       TEXT   NOT NULL, -- id of the request or job; '' for a command
    facts         TEXT   NOT NULL, -- JSON of ids, states and numbers; never text that a person wrote
    witness_chain TEXT   NOT NULL,
    witness_seq   BIGINT NOT NULL,
    witness_hash  TEXT   NOT NULL,
    hash          TEXT   NOT NULL, -- hexadecimal SHA-256
    PRIMARY KEY (chain, seq)
);

-- Every change writes here, and each index costs it a tenth of its time. So
-- there are two: the newest entries, and those of one thing. Whoever asks for
-- those of one actor reads from the newest on.
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_thing ON audit_entry (thing_id, at);
