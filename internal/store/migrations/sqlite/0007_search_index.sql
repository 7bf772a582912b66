-- +goose Up

-- The index over the words of documents; rowid is search_document.id. Package
-- search cuts and folds the words itself, so the tokenizer splits at blanks
-- only. secure-delete takes the words of what is removed out of the file at
-- once, and not when segments are merged some day.
CREATE VIRTUAL TABLE search_index USING fts5 (words, tokenize = "ascii", detail = none, columnsize = 0);

INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1);

-- All words of documents, to look up those that begin like one.
CREATE TABLE search_term (
    word      TEXT   PRIMARY KEY
);
