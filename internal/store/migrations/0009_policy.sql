-- +goose Up

-- What the organisation has decided about its policy: which pack it uses, and
-- which values it has otherwise. Rows are ended and never deleted, so that the
-- policy of any day can be looked up.
CREATE TABLE policy_decision (
    id         TEXT   PRIMARY KEY,
    path       TEXT   NOT NULL, -- of the value that is overridden; '' chooses the pack
    value      TEXT   NOT NULL, -- as YAML in one line; of a choice the name of the pack
    reason     TEXT   NOT NULL, -- what the administrator wrote
    since      BIGINT NOT NULL,
    decided_by TEXT   NOT NULL, -- principal; '' is the program
    until      BIGINT,
    ended_by   TEXT   NOT NULL, -- principal; '' while it holds
    end_reason TEXT   NOT NULL  -- what the administrator wrote; '' if another decision took its place
);

CREATE UNIQUE INDEX policy_decision_current ON policy_decision (path) WHERE until IS NULL;
CREATE INDEX policy_decision_since ON policy_decision (since, id);
CREATE INDEX policy_decision_path ON policy_decision (path, since, id);

-- What changes with each decision, so that a node knows by one row whether what
-- it remembers still holds. A revision is never used twice. No row: nothing was
-- ever decided.
CREATE TABLE policy_revision (
    one      BIGINT PRIMARY KEY CHECK (one = 1),
    revision TEXT   NOT NULL
);
