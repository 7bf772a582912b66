-- +goose Up

-- The index over the words of documents. Package search cuts and folds the
-- words itself and gives them as lexemes. Without fastupdate, no list of
-- pending words lengthens a search now and then.
CREATE TABLE search_index (
    document BIGINT   PRIMARY KEY REFERENCES search_document (id),
    words    TSVECTOR NOT NULL
);

CREATE INDEX search_index_words ON search_index USING gin (words) WITH (fastupdate = off);

-- All words of documents, in the order of their letters' numbers, to look up
-- those that begin like one.
CREATE TABLE search_term (
    word      TEXT   COLLATE "C" PRIMARY KEY
);
