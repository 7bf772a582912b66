-- +goose Up

-- What can be found: one row for each thing that a room shows. The index over
-- the words is in search_index, which each database does in its own way.
CREATE TABLE search_document (
    id        BIGINT PRIMARY KEY, -- made of room, kind and thing
    room      TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    thing     TEXT   NOT NULL, -- id in its room
    title     TEXT   NOT NULL,
    names     TEXT   NOT NULL, -- other names, a line each
    body      TEXT   NOT NULL, -- what a snippet is cut from
    address   TEXT   NOT NULL, -- path of its page
    audiences TEXT   NOT NULL, -- who may find it, a line each
    at        BIGINT NOT NULL,
    UNIQUE (room, kind, thing)
);

-- The words of titles and names, for finding the nearest to a mistyped one.
CREATE TABLE search_word (
    word      TEXT   NOT NULL,
    document  BIGINT NOT NULL REFERENCES search_document (id),
    PRIMARY KEY (word, document)
);

CREATE INDEX search_word_document ON search_word (document);

-- The parts of three letters that each of these words has.
CREATE TABLE search_trigram (
    trigram   TEXT   NOT NULL,
    word      TEXT   NOT NULL,
    PRIMARY KEY (trigram, word)
);
