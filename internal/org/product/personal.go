package product

import (
	"context"
	"fmt"

	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/org/product/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

const (
	aDay      = "a day, which says nothing without whose it is"
	aFunction = "a word of the policy pack"
	aLink     = "an address"
)

// Personal is what the room holds of people. A slot, and somebody at a meeting,
// belongs to the person whose name it is; see Forget for those whose names are
// nobody's. Notes of a meeting go with whoever wrote them.
var Personal = erasure.Tables{
	{Name: "org_product_node", Free: erasure.Reasons{
		"kind": erasure.AState, "key": erasure.AnID, "file": erasure.Document, "lines": "where fields stand in a file",
	}},
	{Name: "org_product_state", Free: erasure.Reasons{
		"kind": erasure.AState, "key": erasure.AnID, "since_day": aDay, "until_day": aDay, "name": erasure.Document, "parent": erasure.AnID,
		"fields": "what the organisation writes about a part of its product, with the names of people taken out",
	}},
	{
		Name: "org_product_slot", Person: "person", Personal: []string{"words"}, Becomes: erasure.Values{"words": ""},
		Free: erasure.Reasons{
			"kind": erasure.AState, "key": erasure.AnID, "path": aFunction, "since_day": aDay, "until_day": aDay, "person": erasure.AnID,
		},
	},
	{Name: "org_product_dri", Free: erasure.Reasons{
		"id": erasure.AnID, "subject_kind": erasure.AState, "subject_key": erasure.AnID, "kind": aFunction, "person": erasure.AnID,
		"since_day": aDay, "until_day": aDay,
	}},
	{Name: "org_product_handover", Free: erasure.Reasons{
		"id": erasure.AnID, "subject_kind": erasure.AState, "subject_key": erasure.AnID, "kind": aFunction, "from_person": erasure.AnID,
		"to_person": erasure.AnID, "day": aDay, "made_by": erasure.AnID,
	}},
	{Name: "org_product_handover_step", Free: erasure.Reasons{
		"handover": erasure.AnID, "words": "a step of the policy pack", "done_day": aDay, "done_by": erasure.AnID, "link": aLink,
	}},
	{
		Name: "org_product_convening", Person: "by_whom", Personal: []string{"notes"}, Becomes: erasure.Values{"notes": ""},
		Free: erasure.Reasons{
			"id": erasure.AnID, "subject_kind": erasure.AState, "subject_key": erasure.AnID, "day": aDay, "indicator": aLink, "by_whom": erasure.AnID,
		},
	},
	{
		Name: "org_product_attendee", Person: "person", Personal: []string{"name"}, Becomes: erasure.Values{"name": ""},
		Free: erasure.Reasons{"convening": erasure.AnID, "person": erasure.AnID},
	},
	{Name: "org_product_use_case", Free: erasure.Reasons{"key": erasure.AnID}},
	{Name: "org_product_use_case_state", Free: erasure.Reasons{
		"key": erasure.AnID, "since_day": aDay, "until_day": aDay, "name": erasure.Document, "kind": aFunction, "body": erasure.Document,
	}},
	{Name: "org_product_change", Free: erasure.Reasons{
		"id": erasure.AnID, "kind": erasure.AState, "node_kind": erasure.AState, "node_key": erasure.AnID,
		"before": "what a part of the product is", "after": "what a part of the product is to be",
		"reason": "why the organisation changes a part of its product", "canvas": aLink, "announced": aLink, "state": erasure.AState,
		"made_by": erasure.AnID, "end_day": aDay,
	}},
	{
		Name: "org_product_approval", Person: "decided_by", Personal: []string{"note"}, Becomes: erasure.Values{"note": ""},
		Free: erasure.Reasons{
			"change": erasure.AnID, "role": aFunction, "person": erasure.AnID, "decision": erasure.AState, "decided_by": erasure.AnID, "decided_day": aDay,
		},
	},
	{Name: "org_product_revision", Free: erasure.Reasons{"revision": erasure.AnID}},
}

// Forget erases a name where nobody was known by it: somebody who is erased may
// stand in files under their name alone. Whoever erases a person calls it with
// the name they had, before it is gone; what is theirs by id, Personal erases.
func Forget(ctx context.Context, tx store.Tx, name string) (rows int64, err error) {
	if name == "" {
		return 0, nil
	}
	q := db.New(tx)
	slots, err := q.SlotsByNobody(ctx)
	if err != nil {
		return 0, fmt.Errorf("find a name in the hierarchy: %w", err)
	}
	for _, s := range slots {
		if !bears(s.Words, name) {
			continue
		}
		rows++
		if err := q.SetSlot(ctx, db.SetSlotParams{Kind: s.Kind, Key: s.Key, Path: s.Path, SinceDay: s.SinceDay}); err != nil {
			return rows, err
		}
	}
	if rows > 0 {
		if err := q.Touch(ctx, newID()); err != nil {
			return rows, err
		}
	}
	attendees, err := q.AttendeesByNobody(ctx)
	if err != nil {
		return rows, fmt.Errorf("find a name at meetings: %w", err)
	}
	for _, a := range attendees {
		if !bears(a.Name, name) {
			continue
		}
		rows++
		if err := q.SetAttendee(ctx, db.SetAttendeeParams{Convening: a.Convening, Position: a.Position}); err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// bears reports whether words are a name, be it with a word in brackets behind
// it.
func bears(words, name string) bool {
	return len(words) >= len(name) && words[:len(name)] == name && (len(words) == len(name) || words[len(name)] == ' ' && words[len(words)-1] == ')')
}
