package audit

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/store"
)

// A Filter says which entries are wanted. What is empty does not count.
type Filter struct {
	Actor  *string // id of the principal; "" is the program itself
	Kind   string  // of the thing
	ID     string  // of the thing; counts with Kind alone
	Action string  // the whole name, or the beginning up to a dot: "auth." or "auth.token."
	From   time.Time
	Until  time.Time // this moment not included
	After  *Key      // the last entry of the page before
	Limit  int       // 0 means 50
}

// A Key is the place of an entry in the list, which has the newest first.
type Key struct {
	At    int64  `json:"at"` // microseconds since 1970
	Chain string `json:"chain"`
	Seq   int64  `json:"seq"`
}

// Key returns where an entry is in the list.
func (e Entry) Key() Key { return Key{e.At.UnixMicro(), e.Chain, e.Seq} }

// Entries returns entries, the newest first. To know whether there are more,
// ask for one more than is shown.
func Entries(ctx context.Context, tx store.Tx, f Filter) ([]Entry, error) {
	query, args := f.query()
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var found []Entry
	for rows.Next() {
		var e Entry
		var at store.Time
		if err := rows.Scan(&e.Chain, &e.Seq, &at, &e.Actor, &e.Action, &e.Kind, &e.ID, &e.Request, &e.Facts, &e.Hash); err != nil {
			return nil, fmt.Errorf("read the journal: %w", err)
		}
		e.At = at.Time
		found = append(found, e)
	}
	return found, rows.Err()
}

// endOfTime is behind every entry. A query that is bounded by it reads from the
// end of the index; without a bound SQLite would sort the whole table.
const endOfTime = math.MaxInt64

// query returns the statement of a filter with its arguments.
func (f Filter) query() (string, []any) {
	var where []string
	var args []any
	add := func(condition string, values ...any) {
		marks := make([]any, len(values))
		for i := range values {
			marks[i] = fmt.Sprintf("$%d", len(args)+i+1)
		}
		where = append(where, fmt.Sprintf(condition, marks...))
		args = append(args, values...)
	}
	if f.Actor != nil {
		add("actor = %s", *f.Actor)
	}
	if f.Kind != "" {
		add("thing_kind = %s", f.Kind)
		if f.ID != "" {
			add("thing_id = %s", f.ID)
		}
	}
	switch {
	case strings.HasSuffix(f.Action, "."):
		add("substr(action, 1, %s) = %s", len(f.Action), f.Action)
	case f.Action != "":
		add("action = %s", f.Action)
	}
	if !f.From.IsZero() {
		add("at >= %s", f.From.UnixMicro())
	}
	if !f.Until.IsZero() {
		add("at < %s", f.Until.UnixMicro())
	}
	if k := f.After; k != nil {
		add("(at, chain, seq) < (%s, %s, %s)", k.At, k.Chain, k.Seq)
	} else {
		add("at <= %s", int64(endOfTime))
	}
	limit := f.Limit
	if limit <= 0 {
		limit = 50
	}
	var b strings.Builder
	b.WriteString("SELECT chain, seq, at, actor, action, thing_kind, thing_id, request, facts, hash FROM audit_entry")
	for i, condition := range where {
		b.WriteString([]string{" WHERE ", " AND "}[min(i, 1)] + condition)
	}
	fmt.Fprintf(&b, " ORDER BY at DESC, chain DESC, seq DESC LIMIT $%d", len(args)+1)
	return b.String(), append(args, limit)
}
