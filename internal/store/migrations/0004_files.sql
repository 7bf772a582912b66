-- +goose Up

-- Files that belong to things. The content lies beside the database, under the
-- id; a name that somebody chose is never a path.
CREATE TABLE files_file (
    id         TEXT   PRIMARY KEY,
    owner_kind TEXT   NOT NULL, -- the thing that the file belongs to
    owner_id   TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    declared   TEXT   NOT NULL, -- media type that the sender named
    type       TEXT   NOT NULL, -- media type by its content
    size       BIGINT NOT NULL,
    sha256     TEXT   NOT NULL,
    state      TEXT   NOT NULL CHECK (state IN ('uploaded', 'scanned', 'refused')),
    added_by   TEXT   NOT NULL, -- principal
    at         BIGINT NOT NULL
);

CREATE INDEX files_file_owner ON files_file (owner_kind, owner_id, at, id);
CREATE INDEX files_file_waiting ON files_file (id) WHERE state = 'uploaded';
