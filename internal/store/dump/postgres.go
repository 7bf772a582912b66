package dump

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// ending is that of the file of a table.
const ending = ".copy"

// made are the tables that migrations fill, and not the copy.
var made = []string{"schema_version", "river_migration"}

// within runs f in a transaction on a connection of its own.
func within(ctx context.Context, place string, o pgx.TxOptions, f func(pgx.Tx) error) (err error) {
	c, err := pgx.Connect(ctx, place)
	if err != nil {
		return fault.New(fault.Busy, "the database cannot be reached: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	return pgx.BeginTxFunc(ctx, c, o, f)
}

// writePostgres copies all tables as one transaction sees them.
func writePostgres(ctx context.Context, place, folder string) error {
	return within(ctx, place, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		names, err := tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, name := range names {
			if slices.Contains(made, name) {
				continue
			}
			if err := writeTable(ctx, tx, name, filepath.Join(folder, name+ending)); err != nil {
				return fmt.Errorf("copy the table %s: %w", name, err)
			}
		}
		return nil
	})
}

// tables lists the tables that keep data, each behind those that it refers to.
func tables(ctx context.Context, tx pgx.Tx) ([]string, error) {
	names, err := texts(ctx, tx, `SELECT relname::text FROM pg_class
		WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relpersistence = 'p' ORDER BY relname`)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	needs := map[string][]string{}
	rows, err := tx.Query(ctx, `SELECT DISTINCT a.relname::text, b.relname::text FROM pg_constraint k
		JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b ON b.oid = k.confrelid
		WHERE k.contype = 'f' AND a.oid <> b.oid AND a.relnamespace = current_schema()::regnamespace ORDER BY 1, 2`)
	if err != nil {
		return nil, fmt.Errorf("list references: %w", err)
	}
	var from, to string
	if _, err := pgx.ForEachRow(rows, []any{&from, &to}, func() error {
		needs[from] = append(needs[from], to)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("list references: %w", err)
	}
	return inOrder(names, needs)
}

// inOrder returns names so that each stands behind those that it needs.
func inOrder(names []string, needs map[string][]string) ([]string, error) {
	var list []string
	state := map[string]int{} // 1 is under way, 2 is done
	var visit func(name string) error
	visit = func(name string) error {
		switch state[name] {
		case 2:
			return nil
		case 1:
			return fmt.Errorf("the tables refer to each other in a circle at %s", name)
		}
		state[name] = 1
		for _, need := range needs[name] {
			if err := visit(need); err != nil {
				return err
			}
		}
		state[name] = 2
		list = append(list, name)
		return nil
	}
	for _, name := range names {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func texts(ctx context.Context, tx pgx.Tx, query string, args ...any) ([]string, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// writeTable writes the columns of a table as the first line, and its rows
// behind.
func writeTable(ctx context.Context, tx pgx.Tx, name, path string) (err error) {
	columns, err := texts(ctx, tx, `SELECT quote_ident(attname) FROM pg_attribute
		WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`, quoted(name))
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	list := strings.Join(columns, ", ")
	if _, err := fmt.Fprintln(f, list); err != nil {
		return err
	}
	_, err = tx.Conn().PgConn().CopyTo(ctx, f, fmt.Sprintf("COPY %s (%s) TO STDOUT", quoted(name), list))
	return err
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

func isEmptyPostgres(ctx context.Context, place string) (empty bool, err error) {
	return empty, within(ctx, place, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM pg_class
			WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'S'))`).Scan(&empty)
	})
}

// readPostgres makes the tables and fills them, in one transaction.
func readPostgres(ctx context.Context, place, folder string, version int64) error {
	if found, err := filepath.Glob(filepath.Join(folder, "*"+ending)); err != nil || len(found) == 0 {
		return fault.New(fault.Invalid, "the copy is not one of a PostgreSQL database: put it back without --database")
	}
	empty, err := isEmptyPostgres(ctx, place)
	if err != nil {
		return err
	}
	if !empty {
		return fault.New(fault.Conflict, "the database holds tables already: give an empty one")
	}
	if err := makeTables(ctx, place, version); err != nil {
		return err
	}
	return within(ctx, place, pgx.TxOptions{}, func(tx pgx.Tx) error { return fill(ctx, tx, folder) })
}

func makeTables(ctx context.Context, place string, version int64) (err error) {
	db, err := store.Open(ctx, place, store.Options{Log: slog.New(slog.DiscardHandler), Connections: 2})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.MigrateTo(ctx, version)
}

// fill puts the rows of all tables in place of what the migrations put there.
func fill(ctx context.Context, tx pgx.Tx, folder string) error {
	names, err := tables(ctx, tx)
	if err != nil {
		return err
	}
	names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(made, name) })
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = quoted(name)
	}
	if _, err := tx.Exec(ctx, "TRUNCATE "+strings.Join(all, ", ")); err != nil {
		return fmt.Errorf("empty the tables: %w", err)
	}
	for _, name := range names {
		if err := readTable(ctx, tx, name, filepath.Join(folder, name+ending)); err != nil {
			return fmt.Errorf("fill the table %s: %w", name, err)
		}
	}
	return count(ctx, tx)
}

// readTable fills a table. One that the copy does not have, for it was made
// later, stays empty.
func readTable(ctx context.Context, tx pgx.Tx, name, path string) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 1<<16)
	columns, err := r.ReadString('\n')
	if err != nil {
		return err
	}
	_, err = tx.Conn().PgConn().CopyFrom(ctx, r, fmt.Sprintf("COPY %s (%s) FROM STDIN", quoted(name), strings.TrimSpace(columns)))
	return err
}

// count lets the sequences go on behind the numbers that are taken.
func count(ctx context.Context, tx pgx.Tx) error {
	statements, err := texts(ctx, tx, `SELECT format('SELECT setval(%L, coalesce((SELECT max(%I) FROM %I), 0) + 1, false)',
			pg_get_serial_sequence(quote_ident(c.relname), a.attname), a.attname, c.relname)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
		AND pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL`)
	if err != nil {
		return fmt.Errorf("list sequences: %w", err)
	}
	for _, s := range statements {
		if _, err := tx.Exec(ctx, s); err != nil {
			return fmt.Errorf("set a sequence: %w", err)
		}
	}
	return nil
}

// Scratch makes an empty database beside the one at a place, and returns its
// place and what removes it. It is Forbidden for an account that may not make
// databases.
func Scratch(ctx context.Context, place, name string) (scratch string, remove func() error, err error) {
	run := func(ctx context.Context, statement string) error {
		c, err := pgx.Connect(ctx, place)
		if err != nil {
			return fault.New(fault.Busy, "the database cannot be reached: %w", err)
		}
		_, err = c.Exec(ctx, statement)
		return errors.Join(err, c.Close(context.WithoutCancel(ctx)))
	}
	scratch, err = withDatabase(place, name)
	if err != nil {
		return "", nil, err
	}
	if err := run(ctx, "CREATE DATABASE "+quoted(name)+" TEMPLATE template0"); err != nil {
		return "", nil, fault.New(fault.Forbidden, "the account of the database may make no other one: %w", err)
	}
	return scratch, func() error { return run(context.WithoutCancel(ctx), "DROP DATABASE "+quoted(name)+" WITH (FORCE)") }, nil
}

// withDatabase returns the address of another database of the same server.
func withDatabase(place, name string) (string, error) {
	u, err := url.Parse(place)
	if err != nil {
		return "", fault.New(fault.Invalid, "the address of the database cannot be read")
	}
	q := u.Query()
	q.Del("dbname")
	q.Del("database")
	u.Path, u.RawQuery = "/"+name, q.Encode()
	return u.String(), nil
}
