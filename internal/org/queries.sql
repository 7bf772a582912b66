-- People.

-- name: AddPerson :exec
INSERT INTO org_person (id, number, name, email, principal, managed_before) VALUES ($1, $2, $3, $4, $5, $6);

-- name: SetPerson :exec
UPDATE org_person SET number = $1, name = $2, email = $3, managed_before = $4 WHERE id = $5;

-- name: Person :one
SELECT * FROM org_person WHERE id = $1;

-- name: PersonByNumber :one
SELECT * FROM org_person WHERE number = $1 AND number <> '';

-- name: PersonByEmail :one
SELECT * FROM org_person WHERE email = $1 AND email <> '';

-- name: PersonByPrincipal :one
SELECT * FROM org_person WHERE principal = $1 AND principal <> '';

-- name: AccountOf :one
SELECT a.id FROM auth_principal a JOIN org_person p ON a.id = p.principal OR (p.principal = '' AND p.email <> '' AND a.email = p.email AND a.verified = 1)
WHERE p.id = $1 LIMIT 1;

-- name: PersonOfAccount :one
SELECT p.id FROM org_person p JOIN auth_principal a ON a.id = $1
WHERE p.principal = a.id OR (p.principal = '' AND p.email <> '' AND p.email = a.email AND a.verified = 1) ORDER BY p.principal DESC LIMIT 1;

-- name: LinkPerson :execrows
UPDATE org_person SET principal = $1 WHERE id = $2;

-- name: People :many
SELECT * FROM org_person;

-- name: Employments :many
SELECT * FROM org_employment ORDER BY person, since_day;

-- name: ForgetEmployments :exec
DELETE FROM org_employment WHERE person = $1;

-- name: AddEmployment :exec
INSERT INTO org_employment (person, since_day, until_day) VALUES ($1, $2, $3);

-- name: Stays :many
SELECT * FROM org_stay WHERE person = $1 ORDER BY since_day;

-- name: StaysFrom :many
SELECT * FROM org_stay WHERE until_day > $1 ORDER BY person, since_day;

-- name: StaysOn :many
SELECT * FROM org_stay WHERE since_day <= sqlc.arg(day) AND until_day > sqlc.arg(day);

-- name: ForgetStays :exec
DELETE FROM org_stay WHERE person = $1;

-- name: AddStay :exec
INSERT INTO org_stay (person, since_day, until_day, country, locality, zone, factor) VALUES ($1, $2, $3, $4, $5, $6, $7);

-- Positions.

-- name: AddPosition :exec
INSERT INTO org_position (id, number) VALUES ($1, $2);

-- name: FreeNumber :exec
UPDATE org_position SET number = '' WHERE id = $1;

-- name: RemovePosition :exec
DELETE FROM org_position WHERE id = $1;

-- name: Position :one
SELECT * FROM org_position WHERE id = $1;

-- name: Positions :many
SELECT * FROM org_position;

-- name: PositionByNumber :one
SELECT * FROM org_position WHERE number = $1 AND number <> '';

-- name: Seats :many
SELECT * FROM org_seat ORDER BY position, since_day;

-- name: ForgetSeats :exec
DELETE FROM org_seat WHERE position = $1;

-- name: AddSeat :exec
INSERT INTO org_seat (position, since_day, until_day, title, family, version, level, specialty, department, manager)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: Holdings :many
SELECT * FROM org_holding ORDER BY position, since_day;

-- name: ForgetHoldings :exec
DELETE FROM org_holding WHERE position = $1;

-- name: AddHolding :exec
INSERT INTO org_holding (position, person, since_day, until_day, kind) VALUES ($1, $2, $3, $4, $5);

-- History.

-- name: Revision :one
SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS revision FROM org_step;

-- name: LastChange :one
SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS number FROM org_change;

-- name: AddChange :exec
INSERT INTO org_change (number, at, by_whom, origin, steps) VALUES ($1, $2, $3, $4, $5);

-- name: AddStep :exec
INSERT INTO org_step (number, change, kind, day, position, person, step, was) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: StepsAfter :many
SELECT * FROM org_step WHERE number > $1 ORDER BY number LIMIT $2;

-- name: StepsOfChange :many
SELECT * FROM org_step WHERE change = $1 ORDER BY number;

-- name: Change :one
SELECT * FROM org_change WHERE number = $1;

-- name: LastStepOfPosition :one
SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS number FROM org_step WHERE position = $1;

-- name: LastStepOfPerson :one
SELECT CAST(coalesce(max(number), 0) AS BIGINT) AS number FROM org_step WHERE person = $1;

-- name: History :many
SELECT sqlc.embed(s), c.at, c.by_whom, c.origin FROM org_step s JOIN org_change c ON c.number = s.change
WHERE s.number < sqlc.arg(before)
  AND (CAST(sqlc.arg(position) AS TEXT) = '' OR s.position = sqlc.arg(position))
  AND (CAST(sqlc.arg(person) AS TEXT) = '' OR s.person = sqlc.arg(person))
  AND s.day >= sqlc.arg(from_day)
ORDER BY s.number DESC LIMIT sqlc.arg(most);

-- name: Changes :many
SELECT * FROM org_change
WHERE number < sqlc.arg(before)
  AND (CAST(sqlc.arg(origin) AS TEXT) = '' OR origin = sqlc.arg(origin))
  AND at >= sqlc.arg(since) AND at < sqlc.arg(until)
ORDER BY number DESC LIMIT sqlc.arg(most);

-- name: FirstSteps :many
SELECT * FROM org_step WHERE change = $1 AND kind <> 'note' ORDER BY number LIMIT $2;

-- name: FirstNotes :many
SELECT * FROM org_step WHERE change = $1 AND kind = 'note' ORDER BY number LIMIT $2;

-- Scenarios.

-- name: AddScenario :exec
INSERT INTO org_scenario (id, name, made_by, made_at, changed_at, steps, change) VALUES ($1, $2, $3, $4, $5, $6, 0);

-- name: SetScenario :exec
UPDATE org_scenario SET name = $1, steps = $2, changed_at = $3 WHERE id = $4;

-- name: EndScenario :exec
UPDATE org_scenario SET change = $1, changed_at = $2 WHERE id = $3;

-- name: RemoveScenario :exec
DELETE FROM org_scenario WHERE id = $1;

-- name: Scenario :one
SELECT * FROM org_scenario WHERE id = $1;

-- name: Scenarios :many
SELECT * FROM org_scenario ORDER BY changed_at DESC, id LIMIT $1;

-- Files of people that somebody uploaded and has not decided about.

-- name: AddUpload :exec
INSERT INTO org_upload (id, name, by_whom, at, content) VALUES ($1, $2, $3, $4, $5);

-- name: Upload :one
SELECT * FROM org_upload WHERE id = $1 AND by_whom = $2;

-- name: ForgetUpload :exec
DELETE FROM org_upload WHERE id = $1 AND by_whom = $2;

-- name: ForgetUploads :exec
DELETE FROM org_upload WHERE at < $1;

-- name: ForgetAllUploads :execrows
DELETE FROM org_upload;
