package erasure

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Table describes what one table holds of people. Every column of it that is
// no number is either personal or free.
type Table struct {
	Name string
	// Personal are the columns with text about people, or by people about
	// people.
	Personal []string
	// Free are the other columns, each with the reason why they hold none.
	Free Reasons
	// Person is the column that says whose a row is, if Tables is to erase it.
	Person string
	// Becomes is what personal columns hold afterwards, if the row has to stay;
	// nil removes the row.
	Becomes Values
	// Erased tells how rows are erased that have no column Person.
	Erased string
}

// Reasons are columns with the reason why they hold nothing of people.
type Reasons map[string]string

// Values are columns with what they hold.
type Values map[string]string

// The reasons that most columns have.
const (
	AnID     = "an id that the program made"
	AState   = "a word of the program: a kind, a state"
	AHash    = "a hash, which does not tell what it was made of"
	Document = "the organisation's own text about roles and rules, not about people"
)

// Tables are the tables of a room, in the order in which rows are erased: first
// those that refer to others. They are a Holder that erases by the column
// Person of each.
type Tables []Table

// Holds implements Holder.
func (t Tables) Holds() []Table { return t }

// Erase implements Holder.
func (t Tables) Erase(ctx context.Context, tx store.Tx, _ audit.Actor, person PersonID) (rows int64, err error) {
	for _, table := range t {
		if table.Person == "" || len(table.Personal) == 0 {
			continue
		}
		statement, args := table.erase(person)
		r, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return 0, fmt.Errorf("table %s: %w", table.Name, err)
		}
		n, err := r.RowsAffected()
		if err != nil {
			return 0, fmt.Errorf("table %s: %w", table.Name, err)
		}
		rows += n
	}
	return rows, nil
}

// erase returns the statement that erases a person's rows. Rows that stay are
// counted only if they held something.
func (t Table) erase(person PersonID) (string, []any) {
	args := []any{string(person)}
	if t.Becomes == nil {
		return "DELETE FROM " + t.Name + " WHERE " + t.Person + " = $1", args
	}
	var set, differ []string
	for _, column := range slices.Sorted(maps.Keys(t.Becomes)) {
		args = append(args, t.Becomes[column])
		set = append(set, fmt.Sprintf("%s = $%d", column, len(args)))
		differ = append(differ, fmt.Sprintf("%s <> $%d", column, len(args)))
	}
	return fmt.Sprintf("UPDATE %s SET %s WHERE %s = $1 AND (%s)", t.Name, strings.Join(set, ", "), t.Person, strings.Join(differ, " OR ")), args
}

// A Room is a Holder that has more to do than its tables tell.
type Room struct {
	Tables
	// First runs before the rows of Tables are erased.
	First func(ctx context.Context, tx store.Tx, by audit.Actor, person PersonID) (rows int64, err error)
}

// Erase implements Holder.
func (r Room) Erase(ctx context.Context, tx store.Tx, by audit.Actor, person PersonID) (int64, error) {
	first, err := r.First(ctx, tx, by, person)
	if err != nil {
		return 0, err
	}
	rows, err := r.Tables.Erase(ctx, tx, by, person)
	return first + rows, err
}

// Platform are the tables of the packages that know nothing of rooms.
var Platform = Tables{
	{Name: "audit_entry", Free: Reasons{
		"chain": AnID, "actor": AnID, "action": AState, "thing_kind": AState, "thing_id": AnID, "request": AnID,
		"facts":         "ids, states and numbers, which package audit sees to",
		"witness_chain": AnID, "witness_hash": AHash, "hash": AHash,
	}},
	{Name: "idempotency_request", Free: Reasons{
		"sender": AnID, "key": "made by a program, and forgotten after a day", "fingerprint": AHash, "location": "a path of ids",
	}},
	{Name: "vault_key", Free: Reasons{"id": AHash, "probe": "sealed, and of the program"}},
	{Name: "vault_secret", Free: Reasons{
		"name": "a word of the program", "master": AHash, "data_key": "sealed", "sealed": "a secret between programs, sealed",
	}},
	{Name: "erasure_tombstone", Free: Reasons{"person": "an id that leads nowhere", "erased_by": AnID}},
}
