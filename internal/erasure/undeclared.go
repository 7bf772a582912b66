package erasure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/store"
)

// foreign are the beginnings of tables that libraries own. The queue's rows hold
// ids (package jobs).
var foreign = []string{"river_", "schema_version", "sqlite_"}

// Undeclared holds what holders say against the schema, and returns what is not
// right, in sentences: a column that could hold text and that nobody speaks of,
// one that two reasons are given for, one that does not exist, and personal
// columns that nobody erases. A test calls it with all holders.
func Undeclared(ctx context.Context, tx store.Tx, holders ...Holder) ([]string, error) {
	schema, err := textColumns(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	declared := map[string]bool{}
	for _, h := range holders {
		for _, t := range h.Holds() {
			columns, exists := schema[t.Name]
			if declared[t.Name] || !exists {
				say("table %s is declared twice, or does not exist", t.Name)
			}
			declared[t.Name] = true
			for _, c := range columns {
				_, free := t.Free[c]
				if personal := slices.Contains(t.Personal, c); personal == free {
					say("column %s.%s: say whether it holds text about people, once", t.Name, c)
				}
			}
			for c, why := range t.Free {
				if !slices.Contains(columns, c) || why == "" {
					say("column %s.%s does not exist, or no reason is given", t.Name, c)
				}
			}
			for _, c := range t.Personal {
				if !slices.Contains(columns, c) {
					say("column %s.%s does not exist", t.Name, c)
				}
				if _, becomes := t.Becomes[c]; t.Becomes != nil && !becomes {
					say("column %s.%s: say what it becomes", t.Name, c)
				}
			}
			if len(t.Personal) > 0 && (t.Person == "") == (t.Erased == "") {
				say("table %s: say how a person is erased, by the column Person or by Erased", t.Name)
			}
		}
	}
	for table, columns := range schema {
		if !declared[table] && len(columns) > 0 {
			say("table %s: nobody says whether %s hold text about people", table, strings.Join(slices.Sorted(slices.Values(columns)), ", "))
		}
	}
	slices.Sort(wrong)
	return wrong, nil
}

// textColumns returns the tables with those of their columns that can hold text.
func textColumns(ctx context.Context, tx store.Tx) (_ map[string][]string, err error) {
	// The tables in which SQLite keeps an index over words are parts of it.
	query := `SELECT m.name, c.name, c.type FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'
		AND NOT EXISTS (SELECT 1 FROM sqlite_schema v WHERE v.sql LIKE 'CREATE VIRTUAL%' AND m.name LIKE v.name || '\_%' ESCAPE '\')`
	if tx.Engine() == store.PostgreSQL {
		query = `SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'`
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	found := map[string][]string{}
	for rows.Next() {
		var table, column, kind string
		if err := rows.Scan(&table, &column, &kind); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(foreign, func(prefix string) bool { return strings.HasPrefix(table, prefix) }) {
			continue
		}
		columns := found[table]
		if strings.ToLower(kind) != "bigint" {
			columns = append(columns, column)
		}
		found[table] = columns
	}
	return found, rows.Err()
}
