-- +goose Up

-- A publishing of all families at once. What one page says of another is true
-- as of a release. The first has number 1.
CREATE TABLE catalog_release (
    number       BIGINT PRIMARY KEY,
    hash         TEXT   NOT NULL, -- hexadecimal SHA-256 of everything that it says
    published_at BIGINT NOT NULL,
    published_by TEXT   NOT NULL, -- principal; '' is the program
    in_force_at  BIGINT NOT NULL, -- since when what it says holds; never before that of an earlier one
    origin       TEXT   NOT NULL CHECK (origin IN ('folder', 'revision', 'archive')),
    place        TEXT   NOT NULL, -- what people call the source
    revision     TEXT   NOT NULL, -- hash of the git commit; '' if there is none
    reading      TEXT   NOT NULL, -- JSON: how pages were read
    families     BIGINT NOT NULL, -- how many are in it
    added        BIGINT NOT NULL, -- how many came, or came back
    changed      BIGINT NOT NULL, -- how many have a new version
    retired      BIGINT NOT NULL  -- how many went
);

CREATE INDEX catalog_release_force ON catalog_release (in_force_at, number);

-- A job family, over all its versions. It is retired when its page is gone, and
-- is never deleted.
CREATE TABLE catalog_family (
    id      TEXT   PRIMARY KEY, -- made of the path at first, and kept
    path    TEXT   NOT NULL,    -- of its latest version
    version BIGINT NOT NULL,    -- its latest
    retired BIGINT NOT NULL     -- release that does not have it any more; 0 if the latest has it
);

CREATE UNIQUE INDEX catalog_family_path ON catalog_family (path) WHERE retired = 0;

-- A version of a family. It is in force from the release in which it came up to
-- the one that has it no more.
CREATE TABLE catalog_version (
    family      TEXT   NOT NULL REFERENCES catalog_family (id),
    number      BIGINT NOT NULL,
    hash        TEXT   NOT NULL, -- hexadecimal SHA-256 of path, text and meaning
    path        TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    description TEXT   NOT NULL,
    department  TEXT   NOT NULL,
    release     BIGINT NOT NULL REFERENCES catalog_release (number),
    gone        BIGINT NOT NULL, -- first release without it; 0 if the latest has it
    PRIMARY KEY (family, number)
);

CREATE INDEX catalog_version_release ON catalog_version (release, gone);
CREATE INDEX catalog_version_gone ON catalog_version (gone);

-- What a version says, apart from the rest because it is large.
CREATE TABLE catalog_page (
    family  TEXT   NOT NULL,
    version BIGINT NOT NULL,
    text    TEXT   NOT NULL, -- the page as it was written
    model   TEXT   NOT NULL, -- JSON: what the compiler made of it
    PRIMARY KEY (family, version),
    FOREIGN KEY (family, version) REFERENCES catalog_version (family, number)
);

-- The levels of a version, with what lists ask for.
CREATE TABLE catalog_level (
    family   TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    position BIGINT NOT NULL, -- on the page, from 0
    id       TEXT   NOT NULL, -- the same in all versions
    title    TEXT   NOT NULL,
    line     BIGINT NOT NULL,
    grades   TEXT   NOT NULL, -- decimals, separated by blanks
    track    TEXT   NOT NULL, -- 'ic', 'manager' or ''
    PRIMARY KEY (family, version, position),
    UNIQUE (family, version, id),
    FOREIGN KEY (family, version) REFERENCES catalog_version (family, number)
);

-- What depends on other pages and on the configuration too: findings, duties in
-- force, ladders. It counts from a release on, until a later one has another.
CREATE TABLE catalog_context (
    family   TEXT   NOT NULL REFERENCES catalog_family (id),
    release  BIGINT NOT NULL REFERENCES catalog_release (number),
    hash     TEXT   NOT NULL, -- hexadecimal SHA-256 of these
    errors   BIGINT NOT NULL, -- findings that count, by severity
    warnings BIGINT NOT NULL,
    infos    BIGINT NOT NULL,
    waived   BIGINT NOT NULL, -- findings that do not count
    findings TEXT   NOT NULL, -- JSON, each
    duties   TEXT   NOT NULL,
    ladder   TEXT   NOT NULL,
    PRIMARY KEY (family, release)
);

-- Findings that somebody accepted, each by its fingerprint.
CREATE TABLE catalog_waiver (
    id          TEXT   PRIMARY KEY,
    fingerprint TEXT   NOT NULL,
    code        TEXT   NOT NULL, -- of the rule
    path        TEXT   NOT NULL, -- of the page
    reason      TEXT   NOT NULL,
    given_by    TEXT   NOT NULL,
    given_at    BIGINT NOT NULL,
    expires_at  BIGINT,          -- NULL: never
    revoked_at  BIGINT           -- NULL: it was not
);

CREATE INDEX catalog_waiver_fingerprint ON catalog_waiver (fingerprint, given_at);

-- What a code host has told, so that a repeated message does nothing.
CREATE TABLE catalog_delivery (
    id       TEXT   PRIMARY KEY, -- the host's name for the message
    at       BIGINT NOT NULL,
    revision TEXT   NOT NULL     -- the commit that it speaks of
);

CREATE INDEX catalog_delivery_at ON catalog_delivery (at);

-- Archives that somebody uploaded and has not decided about. They are looked
-- through before they are published, and go soon.
CREATE TABLE catalog_upload (
    id       TEXT   PRIMARY KEY,
    name     TEXT   NOT NULL,
    by_whom  TEXT   NOT NULL, -- principal, who alone sees it
    at       BIGINT NOT NULL,
    force_at BIGINT NOT NULL, -- since when its pages are to hold; 0 is from publishing on
    archive  TEXT   NOT NULL  -- base64
);

CREATE INDEX catalog_upload_at ON catalog_upload (at);
