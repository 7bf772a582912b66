package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/url"
	"time"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

// schema is for both databases.
const schema = `
CREATE TABLE family (id TEXT PRIMARY KEY, version BIGINT NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, department TEXT NOT NULL,
    path TEXT NOT NULL, levels TEXT NOT NULL, counts TEXT NOT NULL, retired BIGINT NOT NULL);
CREATE INDEX family_title ON family (title, id);
CREATE TABLE principal (id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, email TEXT NOT NULL, verified BIGINT NOT NULL,
    roles TEXT NOT NULL, created_at BIGINT NOT NULL);
CREATE INDEX principal_name ON principal (name, id);
CREATE TABLE entry (id TEXT PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, thing TEXT NOT NULL);
CREATE INDEX entry_at ON entry (at)`

// The statements, for both.
const (
	addFamily     = `INSERT INTO family VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
	addPrincipal  = `INSERT INTO principal VALUES ($1, $2, $3, $4, $5, $6, $7)`
	addEntry      = `INSERT INTO entry VALUES ($1, $2, $3, $4, $5)`
	allFamilies   = `SELECT * FROM family ORDER BY title, id LIMIT $1`
	allPrincipals = `SELECT * FROM principal ORDER BY name, id LIMIT $1`
)

// sqlite is one file: connections that read, and one that writes.
type sqlite struct {
	writer                      *sql.DB
	listFamilies, listAccounts  *sql.Stmt
	writeFamily                 *sql.Stmt
	writePrincipal, writeRecord *sql.Stmt
	queue                       chan *member
}

func openSQLite(ctx context.Context, path string) (*sqlite, error) {
	address := func(more ...string) string {
		q := url.Values{"_pragma": append(more, "busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)"), "_txlock": {"immediate"}}
		return "file:" + path + "?" + q.Encode()
	}
	d := &sqlite{queue: make(chan *member, 1000)}
	var err error
	if d.writer, err = sql.Open("sqlite", address()); err != nil {
		return nil, err
	}
	d.writer.SetMaxOpenConns(1)
	if _, err := d.writer.ExecContext(ctx, schema); err != nil {
		return nil, err
	}
	readers, err := sql.Open("sqlite", address("query_only(ON)"))
	if err != nil {
		return nil, err
	}
	readers.SetMaxOpenConns(8)
	readers.SetMaxIdleConns(8)
	for _, p := range []struct {
		to    **sql.Stmt
		on    *sql.DB
		query string
	}{
		{&d.listFamilies, readers, allFamilies},
		{&d.listAccounts, readers, allPrincipals},
		{&d.writeFamily, d.writer, addFamily},
		{&d.writePrincipal, d.writer, addPrincipal},
		{&d.writeRecord, d.writer, addEntry},
	} {
		if *p.to, err = p.on.PrepareContext(ctx, p.query); err != nil {
			return nil, err
		}
	}
	go d.commit()
	return d, nil
}

func (d *sqlite) fill(ctx context.Context, c content) error {
	tx, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, f := range c.Families {
		if _, err := tx.StmtContext(ctx, d.writeFamily).ExecContext(ctx, f.values()...); err != nil {
			return err
		}
	}
	for _, p := range c.Principals {
		if err := d.write(ctx, tx, p, false); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func (d *sqlite) families(ctx context.Context) ([]family, error) {
	rows, err := d.listFamilies.QueryContext(ctx, pageSize)
	return collect(rows, err, scanFamily)
}

func (d *sqlite) principals(ctx context.Context) ([]principal, error) {
	rows, err := d.listAccounts.QueryContext(ctx, pageSize)
	return collect(rows, err, scanPrincipal)
}

func collect[T any](rows *sql.Rows, err error, scan func(func(...any) error) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		one, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, rows.Err()
}

// write adds an account.
func (d *sqlite) write(ctx context.Context, tx *sql.Tx, p principal, entry bool) error {
	if _, err := tx.StmtContext(ctx, d.writePrincipal).ExecContext(ctx, p.values()...); err != nil || !entry {
		return err
	}
	_, err := tx.StmtContext(ctx, d.writeRecord).ExecContext(ctx, p.entry()...)
	return err
}

// add adds an account in a transaction of its own.
func (d *sqlite) add(ctx context.Context, p principal, entry bool) error {
	return d.together(ctx, []*member{{p: p, entry: entry}})
}

// A member is a request that takes part in a transaction.
type member struct {
	p     principal
	entry bool
	done  chan error
}

// join adds an account in the next transaction.
func (d *sqlite) join(_ context.Context, p principal, entry bool) error {
	m := &member{p, entry, make(chan error, 1)}
	d.queue <- m
	return <-m.done
}

// commit writes what came while it wrote, for ever.
func (d *sqlite) commit() {
	for first := range d.queue {
		batch := []*member{first}
		for len(d.queue) > 0 {
			batch = append(batch, <-d.queue)
		}
		err := d.together(context.Background(), batch)
		for _, m := range batch {
			m.done <- err
		}
	}
}

// together writes a batch in one transaction.
func (d *sqlite) together(ctx context.Context, batch []*member) error {
	tx, err := d.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, m := range batch {
		if err := d.write(ctx, tx, m.p, m.entry); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// values are the columns of a family.
func (f *family) values() []any {
	retired := 0
	if f.Retired {
		retired = 1
	}
	return []any{f.ID, f.Version, f.Title, f.Description, f.Department, f.Path, string(f.Levels), string(f.Counts), retired}
}

func scanFamily(scan func(...any) error) (f family, err error) {
	var levels, counts string
	var retired int
	err = scan(&f.ID, &f.Version, &f.Title, &f.Description, &f.Department, &f.Path, &levels, &counts, &retired)
	f.Levels, f.Counts, f.Retired = json.RawMessage(levels), json.RawMessage(counts), retired == 1
	return f, err
}

// values are the columns of an account.
func (p *principal) values() []any {
	verified := 0
	if p.Verified {
		verified = 1
	}
	roles, _ := json.Marshal(p.Roles) // strings can be marshalled
	return []any{p.ID, p.Kind, p.Name, p.Email, verified, string(roles), p.Created.UnixMicro()}
}

// entry are the columns of the second row.
func (p *principal) entry() []any {
	return []any{p.ID, p.Created.UnixMicro(), "somebody", "principal.add", p.ID}
}

func scanPrincipal(scan func(...any) error) (p principal, err error) {
	var verified, at int64
	var roles string
	if err := scan(&p.ID, &p.Kind, &p.Name, &p.Email, &verified, &roles, &at); err != nil {
		return p, err
	}
	p.Verified, p.Created = verified == 1, time.UnixMicro(at).UTC()
	return p, json.Unmarshal([]byte(roles), &p.Roles)
}
