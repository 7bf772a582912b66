-- +goose Up

-- A part of the product hierarchy, over all days. Its key stays; its name and
-- what it lies in are states.
CREATE TABLE org_product_node (
    kind     TEXT   NOT NULL CHECK (kind IN ('section', 'stage', 'group', 'category')),
    key      TEXT   NOT NULL,
    version  BIGINT NOT NULL, -- counts its changes
    position BIGINT NOT NULL, -- among those of its kind, as in the file
    file     TEXT   NOT NULL, -- in which it was last; '' if it was never in one
    line     BIGINT NOT NULL,
    lines    TEXT   NOT NULL, -- JSON: the line of each field by its path
    PRIMARY KEY (kind, key)
);

-- What a node is, for a span of days.
CREATE TABLE org_product_state (
    kind      TEXT NOT NULL,
    key       TEXT NOT NULL,
    since_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    name      TEXT NOT NULL,
    parent    TEXT NOT NULL, -- key of what it lies in; '' for a section
    fields    TEXT NOT NULL, -- JSON, without names of people: these are slots
    PRIMARY KEY (kind, key, since_day),
    FOREIGN KEY (kind, key) REFERENCES org_product_node (kind, key)
);

CREATE INDEX org_product_state_span ON org_product_state (until_day, since_day);

-- Who stands in a field of a node or beside a use case, for a span of days.
CREATE TABLE org_product_slot (
    kind      TEXT NOT NULL, -- of the node, or 'use_case'
    key       TEXT NOT NULL,
    path      TEXT NOT NULL, -- of the value in the fields, or the function
    since_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    words     TEXT NOT NULL, -- as they were written: a name, or that it is open
    person    TEXT NOT NULL, -- whose name it is; '' if nobody is known by it
    PRIMARY KEY (kind, key, path, since_day)
);

CREATE INDEX org_product_slot_span ON org_product_slot (until_day, since_day);
CREATE INDEX org_product_slot_person ON org_product_slot (person, until_day);
CREATE INDEX org_product_slot_erased ON org_product_slot (kind) WHERE words = '';

-- Who is directly responsible for one kind of decision about a subject.
CREATE TABLE org_product_dri (
    id           TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL, -- of a node, or 'use_case'
    subject_key  TEXT NOT NULL,
    kind         TEXT NOT NULL, -- of the policy pack: 'prioritisation', or a role of a use case
    person       TEXT NOT NULL,
    since_day    TEXT NOT NULL,
    until_day    TEXT NOT NULL
);

CREATE UNIQUE INDEX org_product_dri_subject ON org_product_dri (subject_kind, subject_key, kind, since_day);
CREATE INDEX org_product_dri_person ON org_product_dri (person, until_day);

-- A responsibility passes from one person to another.
CREATE TABLE org_product_handover (
    id           TEXT   NOT NULL PRIMARY KEY,
    subject_kind TEXT   NOT NULL,
    subject_key  TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    from_person  TEXT   NOT NULL,
    to_person    TEXT   NOT NULL,
    day          TEXT   NOT NULL,
    made_by      TEXT   NOT NULL, -- principal; '' is the program
    left_steps   BIGINT NOT NULL  -- how many steps are not done
);

CREATE INDEX org_product_handover_subject ON org_product_handover (subject_kind, subject_key, kind, day);
CREATE INDEX org_product_handover_left ON org_product_handover (left_steps, day);

-- What is done when it passes, from the policy pack of that day.
CREATE TABLE org_product_handover_step (
    handover TEXT   NOT NULL REFERENCES org_product_handover (id),
    position BIGINT NOT NULL,
    words    TEXT   NOT NULL,
    done_day TEXT   NOT NULL, -- '' until it is done
    done_by  TEXT   NOT NULL,
    link     TEXT   NOT NULL, -- where the result is; '' is none
    PRIMARY KEY (handover, position)
);

-- A meeting of the counterparts of a node or a use case.
CREATE TABLE org_product_convening (
    id           TEXT NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_key  TEXT NOT NULL,
    day          TEXT NOT NULL,
    indicator    TEXT NOT NULL, -- address or id of the indicator that it is about; '' is none
    notes        TEXT NOT NULL,
    by_whom      TEXT NOT NULL  -- principal
);

CREATE INDEX org_product_convening_subject ON org_product_convening (subject_kind, subject_key, day);

CREATE TABLE org_product_attendee (
    convening TEXT   NOT NULL REFERENCES org_product_convening (id),
    position  BIGINT NOT NULL,
    person    TEXT   NOT NULL, -- '' if nobody is known by the name
    name      TEXT   NOT NULL, -- as it was written
    PRIMARY KEY (convening, position)
);

CREATE INDEX org_product_attendee_person ON org_product_attendee (person);

-- A use case: a solution or a capability that customers buy.
CREATE TABLE org_product_use_case (
    key     TEXT   NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE org_product_use_case_state (
    key       TEXT NOT NULL REFERENCES org_product_use_case (key),
    since_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    name      TEXT NOT NULL,
    kind      TEXT NOT NULL, -- of the policy pack: 'solution', 'capability'
    body      TEXT NOT NULL, -- JSON: objective, drivers, requirements, categories, personas, pages
    PRIMARY KEY (key, since_day)
);

-- Somebody asks for a change of the hierarchy.
CREATE TABLE org_product_change (
    id        TEXT   NOT NULL PRIMARY KEY,
    version   BIGINT NOT NULL,
    kind      TEXT   NOT NULL CHECK (kind IN ('add', 'rename', 'move', 'retire', 'details', 'downgrade')),
    node_kind TEXT   NOT NULL,
    node_key  TEXT   NOT NULL,
    before    TEXT   NOT NULL, -- JSON: what the node is
    after     TEXT   NOT NULL, -- JSON: what it is to be
    reason    TEXT   NOT NULL,
    canvas    TEXT   NOT NULL, -- where the reviewed canvas of a new category is
    announced TEXT   NOT NULL, -- JSON: where a downgrade was announced
    state     TEXT   NOT NULL CHECK (state IN ('review', 'approved', 'applied', 'rejected', 'withdrawn')),
    made_by   TEXT   NOT NULL, -- principal
    made_at   BIGINT NOT NULL,
    end_day   TEXT   NOT NULL  -- when it was applied, rejected or withdrawn; '' while it goes on
);

CREATE INDEX org_product_change_state ON org_product_change (state, made_at);
CREATE INDEX org_product_change_node ON org_product_change (node_kind, node_key, made_at);

-- Who has to agree, and what they said.
CREATE TABLE org_product_approval (
    change      TEXT NOT NULL REFERENCES org_product_change (id),
    role        TEXT NOT NULL, -- of the policy pack
    person      TEXT NOT NULL, -- who has the role; '' is nobody yet
    decision    TEXT NOT NULL CHECK (decision IN ('', 'approved', 'rejected')),
    decided_by  TEXT NOT NULL, -- principal
    decided_day TEXT NOT NULL,
    note        TEXT NOT NULL,
    PRIMARY KEY (change, role)
);

CREATE INDEX org_product_approval_person ON org_product_approval (person, decision);

-- Changes with every change of nodes and slots, so that nodes of a cluster know
-- whether what they remember is right. It never has the same value twice.
CREATE TABLE org_product_revision (
    id       BIGINT NOT NULL PRIMARY KEY,
    revision TEXT   NOT NULL
);

INSERT INTO org_product_revision (id, revision) VALUES (1, '');
