package org

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/store"
)

// sizes are how many rows one statement writes: few different ones, since the
// store keeps statements prepared.
var sizes = []int{20, 1}

// A batch gathers rows of a table, to write them with few statements.
type batch struct {
	table   string
	columns string
	width   int
	args    []any
}

func batchOf(table string, columns ...string) *batch {
	return &batch{table: table, columns: strings.Join(columns, ", "), width: len(columns)}
}

// add adds a row: a value for each column.
func (b *batch) add(values ...any) { b.args = append(b.args, values...) }

// write inserts the rows, and forgets them.
func (b *batch) write(ctx context.Context, tx store.Tx) error {
	rest := b.args
	b.args = nil
	for _, n := range sizes {
		if len(rest) < n*b.width {
			continue
		}
		var err error
		query := fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", b.table, b.columns, places(n, b.width))
		if rest, err = repeat(ctx, tx, query, rest, n*b.width); err != nil {
			return err
		}
	}
	return nil
}

// mostUnprepared is how often a statement runs before it pays to prepare it.
const mostUnprepared = 4

// repeat runs a statement with so many values at a time, as long as there are,
// and returns those that are left.
func repeat(ctx context.Context, tx store.Tx, query string, values []any, n int) (left []any, err error) {
	run := func(args []any) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}
	if len(values) > mostUnprepared*n {
		s, err := tx.PrepareContext(ctx, query)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, s.Close()) }()
		run = func(args []any) error {
			_, err := s.ExecContext(ctx, args...)
			return err
		}
	}
	for ; len(values) >= n; values = values[n:] {
		if err := run(values[:n]); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// places returns the places of so many rows in a statement.
func places(rows, width int) string {
	var b strings.Builder
	for i := range rows * width {
		switch {
		case i%width > 0:
			b.WriteString(", ")
		case i > 0:
			b.WriteString("), (")
		default:
			b.WriteString("(")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}

// remove deletes the rows of a table that belong to some things.
func remove(ctx context.Context, tx store.Tx, table, column string, ids []string) (err error) {
	rest := make([]any, len(ids))
	for i, id := range ids {
		rest[i] = id
	}
	for _, n := range sizes {
		if len(rest) < n {
			continue
		}
		query := fmt.Sprintf("DELETE FROM %s WHERE %s IN %s", table, column, places(1, n))
		if rest, err = repeat(ctx, tx, query, rest, n); err != nil {
			return err
		}
	}
	return nil
}
