-- +goose Up

-- A request that was carried out under a key of its sender. The row is written
-- in the transaction of the change itself, so that one exists exactly if the
-- change does. It holds no body: what was answered is read anew.
CREATE TABLE idempotency_request (
    sender      TEXT   NOT NULL, -- id of the principal, or of the session of a visitor
    key         TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL, -- hexadecimal SHA-256 over method, path and body
    at          BIGINT NOT NULL,
    status      BIGINT NOT NULL, -- HTTP status of the answer; 0 until it is known
    location    TEXT   NOT NULL, -- where what was made is found; may be ''
    PRIMARY KEY (sender, key)
);

CREATE INDEX idempotency_request_at ON idempotency_request (at);
