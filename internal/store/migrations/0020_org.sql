-- +goose Up

-- Somebody who is or was here. What is about a day stands in other tables.
CREATE TABLE org_person (
    id             TEXT   PRIMARY KEY,
    number         TEXT   NOT NULL, -- by which other systems know them; '' is none
    name           TEXT   NOT NULL,
    email          TEXT   NOT NULL, -- in lower case; '' is none
    principal      TEXT   NOT NULL, -- account, if that has another address; '' is the one with the same
    managed_before BIGINT NOT NULL  -- 1: had managed people before they came
);

CREATE UNIQUE INDEX org_person_number ON org_person (number) WHERE number <> '';
CREATE UNIQUE INDEX org_person_email ON org_person (email) WHERE email <> '';
CREATE UNIQUE INDEX org_person_principal ON org_person (principal) WHERE principal <> '';
CREATE INDEX org_person_name ON org_person (name, id);

-- When somebody was employed. A span ends before until_day, which is 9999-12-31
-- for what goes on; so in all tables of the room.
CREATE TABLE org_employment (
    person    TEXT NOT NULL REFERENCES org_person (id),
    since_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    PRIMARY KEY (person, since_day)
);

-- Where somebody lives and works.
CREATE TABLE org_stay (
    person    TEXT NOT NULL REFERENCES org_person (id),
    since_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    country   TEXT NOT NULL, -- as people write it
    locality  TEXT NOT NULL,
    zone      TEXT NOT NULL, -- of the tz database; '' is not known
    factor    TEXT NOT NULL, -- location factor, a decimal; '' is not known
    PRIMARY KEY (person, since_day)
);

-- A position: a piece of work that somebody holds or could hold.
CREATE TABLE org_position (
    id     TEXT PRIMARY KEY,
    number TEXT NOT NULL -- by which other systems know it; '' is none
);

CREATE UNIQUE INDEX org_position_number ON org_position (number) WHERE number <> '';

-- What a position is, for a span of days.
CREATE TABLE org_seat (
    position   TEXT   NOT NULL REFERENCES org_position (id),
    since_day  TEXT   NOT NULL,
    until_day  TEXT   NOT NULL,
    title      TEXT   NOT NULL,
    family     TEXT   NOT NULL, -- pin to a level of a published family; '' is none
    version    BIGINT NOT NULL,
    level      TEXT   NOT NULL,
    specialty  TEXT   NOT NULL,
    department TEXT   NOT NULL,
    manager    TEXT   NOT NULL, -- position that it reports to; '' is the top
    PRIMARY KEY (position, since_day)
);

CREATE INDEX org_seat_manager ON org_seat (manager, until_day);
CREATE INDEX org_seat_family ON org_seat (family, level);

-- Who holds a position, for a span of days.
CREATE TABLE org_holding (
    position  TEXT NOT NULL REFERENCES org_position (id),
    person    TEXT NOT NULL REFERENCES org_person (id),
    since_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('regular', 'interim', 'acting', 'life_support')),
    PRIMARY KEY (position, person, since_day)
);

CREATE INDEX org_holding_person ON org_holding (person, since_day);

-- What was done together: by hand, by an import, by a scenario.
CREATE TABLE org_change (
    number  BIGINT PRIMARY KEY, -- from 1
    at      BIGINT NOT NULL,
    by_whom TEXT   NOT NULL, -- principal; '' is the program
    origin  TEXT   NOT NULL CHECK (origin IN ('hand', 'import', 'scenario', 'scim')),
    steps   BIGINT NOT NULL  -- how many
);

-- Each step of a change, by which the tables above came about. Its number is the
-- revision of the room.
CREATE TABLE org_step (
    number   BIGINT PRIMARY KEY, -- from 1, without a gap
    change   BIGINT NOT NULL REFERENCES org_change (number),
    kind     TEXT   NOT NULL,
    day      TEXT   NOT NULL, -- from which on it counts; '' for what has no day
    position TEXT   NOT NULL,
    person   TEXT   NOT NULL,
    step     TEXT   NOT NULL, -- JSON, whole; ids and no text about people
    was      TEXT   NOT NULL  -- JSON: the steps that take it back
);

CREATE INDEX org_step_position ON org_step (position, number);
CREATE INDEX org_step_person ON org_step (person, number);
CREATE INDEX org_step_change ON org_step (change, number);
CREATE INDEX org_step_day ON org_step (day, number);

-- A what-if that somebody kept.
CREATE TABLE org_scenario (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    made_by    TEXT   NOT NULL, -- principal
    made_at    BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    steps      TEXT   NOT NULL, -- JSON
    change     BIGINT NOT NULL  -- by which it was applied; 0 is not yet
);

CREATE INDEX org_scenario_changed ON org_scenario (changed_at, id);

-- Files of people that somebody uploaded and has not decided about. They are
-- looked through before they are imported, and go soon.
CREATE TABLE org_upload (
    id      TEXT   PRIMARY KEY,
    name    TEXT   NOT NULL,
    by_whom TEXT   NOT NULL, -- principal, who alone sees it
    at      BIGINT NOT NULL,
    content TEXT   NOT NULL  -- base64
);

CREATE INDEX org_upload_at ON org_upload (at);
