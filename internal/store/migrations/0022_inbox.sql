-- +goose Up

-- What somebody does not want to see before a day. The inbox owns no facts: what
-- there is to do is asked of the rooms, so a row may name what is done already.
CREATE TABLE inbox_snooze (
    principal TEXT   NOT NULL, -- whose inbox
    key       TEXT   NOT NULL, -- of the todo, made of ids
    until_day TEXT   NOT NULL, -- on which it is shown again, as they chose it
    until_at  BIGINT NOT NULL, -- when that day begins where they are
    PRIMARY KEY (principal, key)
);
