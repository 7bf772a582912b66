-- +goose Up

-- The people who were erased, by an id that leads nowhere any more. A copy of
-- the database from before is brought up to this list.
CREATE TABLE erasure_tombstone (
    person      TEXT   PRIMARY KEY,
    at          BIGINT NOT NULL,
    erased_by   TEXT   NOT NULL, -- principal; '' is the program
    scrubbed_at BIGINT           -- when their bytes were gone from the files, too; NULL: not yet
);

CREATE INDEX erasure_tombstone_open ON erasure_tombstone (at) WHERE scrubbed_at IS NULL;
