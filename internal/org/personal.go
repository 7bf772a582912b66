package org

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
)

// Personal is what the room holds of people. The id of a person is that of the
// organisation, or of their account. They stay without name and address, since
// positions were theirs; nodes read that again, since it is noted as a step.
var Personal = erasure.Room{First: forget, Tables: personal}

var personal = erasure.Tables{
	{Name: "org_stay", Person: "person", Personal: []string{"country", "locality", "zone", "factor"}, Free: erasure.Reasons{
		"person": erasure.AnID, "since_day": aDay, "until_day": aDay,
	}},
	{
		Name: "org_person", Person: "id", Personal: []string{"number", "name", "email"},
		Becomes: erasure.Values{"number": "", "name": erasedName, "email": ""},
		Free:    erasure.Reasons{"id": erasure.AnID, "principal": erasure.AnID},
	},
	{Name: "org_employment", Free: erasure.Reasons{"person": erasure.AnID, "since_day": aDay, "until_day": aDay}},
	{Name: "org_position", Free: erasure.Reasons{"id": erasure.AnID, "number": "by which other systems know a position"}},
	{Name: "org_seat", Free: erasure.Reasons{
		"position": erasure.AnID, "since_day": aDay, "until_day": aDay, "title": erasure.Document, "family": erasure.AnID, "level": erasure.AnID,
		"specialty": erasure.Document, "department": erasure.Document, "manager": erasure.AnID,
	}},
	{Name: "org_holding", Free: erasure.Reasons{
		"position": erasure.AnID, "person": erasure.AnID, "since_day": aDay, "until_day": aDay, "kind": erasure.AState,
	}},
	{Name: "org_change", Free: erasure.Reasons{"by_whom": erasure.AnID, "origin": erasure.AState}},
	{Name: "org_step", Free: erasure.Reasons{
		"kind": erasure.AState, "day": aDay, "position": erasure.AnID, "person": erasure.AnID,
		"step": "ids, days and what a position is called", "was": "ids, days and what a position is called",
	}},
	{Name: "org_upload", Person: "by_whom", Personal: []string{"name", "content"}, Free: erasure.Reasons{"id": erasure.AnID, "by_whom": erasure.AnID}},
	{Name: "org_scenario", Person: "made_by", Personal: []string{"name"}, Free: erasure.Reasons{
		"id": erasure.AnID, "made_by": erasure.AnID, "steps": "ids, days and what a position is called",
	}},
}

const (
	aDay       = "a day, which says nothing without whose it is"
	erasedName = "(erased)"
)

// forget removes somebody from the search, and notes that what is known of them
// has changed. If the id is that of an account, its person is erased.
func forget(ctx context.Context, tx store.Tx, by audit.Actor, person erasure.PersonID) (rows int64, err error) {
	q := db.New(tx)
	if rows, err = q.ForgetAllUploads(ctx); err != nil { // they may be in one
		return 0, fmt.Errorf("forget uploads: %w", err)
	}
	id := string(person)
	switch theirs, err := q.PersonOfAccount(ctx, id); {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return 0, fmt.Errorf("find the person of an account: %w", err)
	case theirs != id:
		id = theirs
	}
	known, err := q.Person(ctx, id)
	if errors.Is(err, sql.ErrNoRows) {
		return rows, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find a person: %w", err)
	}
	n, err := product.Forget(ctx, tx, known.Name)
	if err != nil {
		return 0, err
	}
	rows += n
	if id != string(person) { // the id of an account: what is theirs by the other id goes here
		for _, theirs := range []erasure.Tables{product.Personal, personal} {
			n, err := theirs.Erase(ctx, tx, by, erasure.PersonID(id))
			if err != nil {
				return 0, err
			}
			rows += n
		}
	}
	if err := search.Remove(ctx, tx, "org", "person", known.ID); err != nil {
		return 0, fmt.Errorf("remove a person from the search: %w", err)
	}
	return rows, noteErased(ctx, q, by, known.ID)
}

// noteErased notes a step that says nothing but that somebody changed.
func noteErased(ctx context.Context, q *db.Queries, by audit.Actor, id string) error {
	last, err := q.LastChange(ctx)
	if err != nil {
		return fmt.Errorf("find the last change: %w", err)
	}
	revision, err := q.Revision(ctx)
	if err != nil {
		return fmt.Errorf("find the revision: %w", err)
	}
	who := ""
	if by != nil {
		who = by.PrincipalID()
	}
	text, err := json.Marshal(chart.Step{Kind: chart.Note, Person: PersonID(id)})
	if err != nil {
		return err
	}
	// The moment of an erasure is that of its tombstone.
	err = q.AddChange(ctx, db.AddChangeParams{Number: last + 1, ByWhom: who, Origin: string(ByHand), Steps: 1})
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	err = q.AddStep(ctx, db.AddStepParams{Number: revision + 1, Change: last + 1, Kind: string(chart.Note), Person: id, Step: string(text), Was: "[]"})
	if err != nil {
		return fmt.Errorf("note an erasure: %w", err)
	}
	return nil
}
