-- What is remembered.

-- name: Stamp :one
SELECT revision, CAST((SELECT COUNT(*) FROM org_product_slot WHERE words = '') AS BIGINT) AS erased FROM org_product_revision WHERE id = 1;

-- name: Touch :exec
UPDATE org_product_revision SET revision = $1 WHERE id = 1;

-- Nodes.

-- name: Nodes :many
SELECT n.kind, n.key, n.version, n.file, n.line, n.lines, s.since_day, s.until_day, s.name, s.parent, s.fields
FROM org_product_node n JOIN org_product_state s ON s.kind = n.kind AND s.key = n.key
WHERE s.until_day > $1 AND s.since_day <= $1 ORDER BY n.position, n.key;

-- name: Node :one
SELECT * FROM org_product_node WHERE kind = $1 AND key = $2;

-- name: AddNode :exec
INSERT INTO org_product_node (kind, key, version, position, file, line, lines) VALUES ($1, $2, 1, $3, $4, $5, $6);

-- name: PlaceNode :exec
UPDATE org_product_node SET position = $1, file = $2, line = $3, lines = $4 WHERE kind = $5 AND key = $6;

-- name: BumpNode :exec
UPDATE org_product_node SET version = version + 1 WHERE kind = $1 AND key = $2;

-- name: Places :many
SELECT kind, key, position FROM org_product_node;

-- name: LastDay :one
SELECT CAST(COALESCE(MAX(since_day), '') AS TEXT) FROM org_product_state;

-- name: LastEnd :one
SELECT CAST(COALESCE(MAX(until_day), '') AS TEXT) FROM org_product_state WHERE until_day < '9999-12-31';

-- name: LastSlotDay :one
SELECT CAST(COALESCE(MAX(since_day), '') AS TEXT) FROM org_product_slot;

-- name: StatesOf :many
SELECT * FROM org_product_state WHERE kind = $1 AND key = $2 ORDER BY since_day;

-- name: AddState :exec
INSERT INTO org_product_state (kind, key, since_day, until_day, name, parent, fields) VALUES ($1, $2, $3, '9999-12-31', $4, $5, $6);

-- name: SetState :exec
UPDATE org_product_state SET name = $1, parent = $2, fields = $3 WHERE kind = $4 AND key = $5 AND since_day = $6;

-- name: EndState :exec
UPDATE org_product_state SET until_day = $1 WHERE kind = $2 AND key = $3 AND until_day = '9999-12-31';

-- name: DropState :exec
DELETE FROM org_product_state WHERE kind = $1 AND key = $2 AND since_day = $3;

-- Slots.

-- name: Slots :many
SELECT kind, key, path, since_day, words, person FROM org_product_slot WHERE until_day > $1 AND since_day <= $1 ORDER BY kind, key, path;

-- name: SlotsOf :many
SELECT * FROM org_product_slot WHERE kind = $1 AND key = $2 ORDER BY path, since_day;

-- name: SlotsOfPerson :many
SELECT kind, key, path, words, since_day FROM org_product_slot WHERE person = $1 AND until_day > $2 AND since_day <= $2 ORDER BY kind, key, path;

-- name: AddSlot :exec
INSERT INTO org_product_slot (kind, key, path, since_day, until_day, words, person) VALUES ($1, $2, $3, $4, '9999-12-31', $5, $6);

-- name: SetSlot :exec
UPDATE org_product_slot SET words = $1, person = $2 WHERE kind = $3 AND key = $4 AND path = $5 AND since_day = $6;

-- name: EndSlot :exec
UPDATE org_product_slot SET until_day = $1 WHERE kind = $2 AND key = $3 AND path = $4 AND until_day = '9999-12-31';

-- name: DropSlot :exec
DELETE FROM org_product_slot WHERE kind = $1 AND key = $2 AND path = $3 AND since_day = $4;

-- name: SlotsByNobody :many
SELECT * FROM org_product_slot WHERE person = '' AND words <> '';

-- DRIs.

-- name: DRIs :many
SELECT * FROM org_product_dri WHERE until_day > $1 AND since_day <= $1 ORDER BY subject_kind, subject_key, kind;

-- name: DRIsOf :many
SELECT * FROM org_product_dri WHERE subject_kind = $1 AND subject_key = $2 ORDER BY kind, since_day;

-- name: DRIsOfPerson :many
SELECT * FROM org_product_dri WHERE person = $1 AND until_day > $2 AND since_day <= $2 ORDER BY subject_kind, subject_key, kind;

-- name: DRI :one
SELECT * FROM org_product_dri WHERE id = $1;

-- name: DRIsFor :many
SELECT * FROM org_product_dri WHERE subject_kind = $1 AND subject_key = $2 AND kind = $3 ORDER BY since_day;

-- name: AddDRI :exec
INSERT INTO org_product_dri (id, subject_kind, subject_key, kind, person, since_day, until_day) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: EndDRI :exec
UPDATE org_product_dri SET until_day = $1 WHERE id = $2;

-- name: DropDRI :exec
DELETE FROM org_product_dri WHERE id = $1;

-- name: AddHandover :exec
INSERT INTO org_product_handover (id, subject_kind, subject_key, kind, from_person, to_person, day, made_by, left_steps)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: Handover :one
SELECT * FROM org_product_handover WHERE id = $1;

-- name: Handovers :many
SELECT * FROM org_product_handover ORDER BY day DESC, id DESC LIMIT 200;

-- name: HandoversOpen :many
SELECT * FROM org_product_handover WHERE left_steps > 0 ORDER BY day DESC, id DESC;

-- name: HandoversOf :many
SELECT * FROM org_product_handover WHERE subject_kind = $1 AND subject_key = $2 ORDER BY day DESC, id DESC;

-- name: SetHandover :exec
UPDATE org_product_handover SET left_steps = $1 WHERE id = $2;

-- name: AddHandoverStep :exec
INSERT INTO org_product_handover_step (handover, position, words, done_day, done_by, link) VALUES ($1, $2, $3, '', '', '');

-- name: HandoverSteps :many
SELECT * FROM org_product_handover_step WHERE handover = $1 ORDER BY position;

-- name: SetHandoverStep :exec
UPDATE org_product_handover_step SET done_day = $1, done_by = $2, link = $3 WHERE handover = $4 AND position = $5;

-- Meetings.

-- name: AddConvening :exec
INSERT INTO org_product_convening (id, subject_kind, subject_key, day, indicator, notes, by_whom) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: AddAttendee :exec
INSERT INTO org_product_attendee (convening, position, person, name) VALUES ($1, $2, $3, $4);

-- name: ConveningsOf :many
SELECT * FROM org_product_convening WHERE subject_kind = $1 AND subject_key = $2 ORDER BY day DESC, id DESC LIMIT 100;

-- name: Attendees :many
SELECT a.* FROM org_product_attendee a JOIN org_product_convening c ON c.id = a.convening
WHERE c.subject_kind = $1 AND c.subject_key = $2 ORDER BY a.convening, a.position;

-- name: LastConvenings :many
SELECT subject_kind, subject_key, CAST(MAX(day) AS TEXT) AS last FROM org_product_convening WHERE day <= $1 GROUP BY subject_kind, subject_key;

-- name: AttendeesByNobody :many
SELECT convening, position, name FROM org_product_attendee WHERE person = '' AND name <> '';

-- name: SetAttendee :exec
UPDATE org_product_attendee SET person = $1, name = $2 WHERE convening = $3 AND position = $4;

-- Use cases.

-- name: UseCases :many
SELECT u.key, u.version, s.since_day, s.until_day, s.name, s.kind, s.body
FROM org_product_use_case u JOIN org_product_use_case_state s ON s.key = u.key
WHERE s.until_day > $1 AND s.since_day <= $1 ORDER BY s.kind DESC, s.name, u.key;

-- name: UseCaseVersion :one
SELECT version FROM org_product_use_case WHERE key = $1;

-- name: AddUseCase :exec
INSERT INTO org_product_use_case (key, version) VALUES ($1, 1);

-- name: BumpUseCase :exec
UPDATE org_product_use_case SET version = version + 1 WHERE key = $1;

-- name: UseCaseStates :many
SELECT * FROM org_product_use_case_state WHERE key = $1 ORDER BY since_day;

-- name: AddUseCaseState :exec
INSERT INTO org_product_use_case_state (key, since_day, until_day, name, kind, body) VALUES ($1, $2, '9999-12-31', $3, $4, $5);

-- name: SetUseCaseState :exec
UPDATE org_product_use_case_state SET until_day = '9999-12-31', name = $1, kind = $2, body = $3 WHERE key = $4 AND since_day = $5;

-- name: EndUseCaseState :exec
UPDATE org_product_use_case_state SET until_day = $1 WHERE key = $2 AND until_day = '9999-12-31';

-- name: DropUseCaseState :exec
DELETE FROM org_product_use_case_state WHERE key = $1 AND since_day = $2;

-- Change requests.

-- name: AddChange :exec
INSERT INTO org_product_change (id, version, kind, node_kind, node_key, before, after, reason, canvas, announced, state, made_by, made_at, end_day)
VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '');

-- name: Change :one
SELECT * FROM org_product_change WHERE id = $1;

-- name: Changes :many
SELECT * FROM org_product_change ORDER BY made_at DESC, id DESC LIMIT 200;

-- name: ChangesOf :many
SELECT * FROM org_product_change WHERE node_kind = $1 AND node_key = $2 ORDER BY made_at DESC, id DESC;

-- name: ChangesIn :many
SELECT * FROM org_product_change WHERE state = $1 ORDER BY made_at DESC, id DESC;

-- name: SetChange :exec
UPDATE org_product_change SET version = version + 1, state = $1, end_day = $2 WHERE id = $3;

-- name: SetChangeText :exec
UPDATE org_product_change SET version = version + 1, after = $1, reason = $2, canvas = $3, announced = $4 WHERE id = $5;

-- name: AddApproval :exec
INSERT INTO org_product_approval (change, role, person, decision, decided_by, decided_day, note) VALUES ($1, $2, $3, '', '', '', '');

-- name: Approvals :many
SELECT * FROM org_product_approval WHERE change = $1 ORDER BY role;

-- name: ApprovalsWaiting :many
SELECT a.* FROM org_product_approval a JOIN org_product_change c ON c.id = a.change
WHERE a.person = $1 AND a.decision = '' AND c.state = 'review' ORDER BY a.change, a.role;

-- name: SetApproval :exec
UPDATE org_product_approval SET decision = $1, decided_by = $2, decided_day = $3, note = $4 WHERE change = $5 AND role = $6;

-- name: SetApprover :exec
UPDATE org_product_approval SET person = $1 WHERE change = $2 AND role = $3;
