package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/cadre-hq/cadre/internal/fault"
)

// migrations are numbered once, over all rooms, and only go forward. Where the
// databases must differ, a migration is a pair of files of one name, in the
// folders that are called like the engines.
//
//go:embed migrations/*.sql migrations/*/*.sql
var migrations embed.FS

// migrationsOf returns the migrations of an engine as one folder.
type migrationsOf Engine

// Open implements fs.FS.
func (m migrationsOf) Open(name string) (fs.File, error) {
	f, err := migrations.Open(path.Join("migrations", string(m), name))
	if errors.Is(err, fs.ErrNotExist) {
		return migrations.Open(path.Join("migrations", name))
	}
	return f, err
}

// ReadDir implements fs.ReadDirFS.
func (m migrationsOf) ReadDir(string) ([]fs.DirEntry, error) {
	shared, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(migrations, path.Join("migrations", string(m), "*.sql"))
	if err != nil {
		return nil, err
	}
	var list []fs.DirEntry
	for _, name := range append(shared, own...) {
		info, err := fs.Stat(migrations, name)
		if err != nil {
			return nil, err
		}
		list = append(list, fs.FileInfoToDirEntry(info))
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// migrationLock is the key of PostgreSQL's advisory lock under which one node
// migrates while others that start at the same time wait: "cadre" in ASCII.
const migrationLock = 0x6361647265

// Migrate brings the schema to what this program needs, and reports how many
// migrations ran. Several nodes may call it at once. A database that is newer
// than the program is a Conflict.
func (d *DB) Migrate(ctx context.Context) (ran int, err error) {
	if d.Engine() == PostgreSQL {
		unlock, err := d.lockMigrations(ctx)
		if err != nil {
			return 0, err
		}
		defer unlock()
	}
	p, err := d.provider()
	if err != nil {
		return 0, err
	}
	at, target, err := p.GetVersions(ctx)
	if err != nil {
		return 0, sorted(fmt.Errorf("read the version of the database: %w", err))
	}
	if at > target {
		return 0, fault.New(fault.Conflict, "the database is at version %d, and this program knows versions up to %d: use a newer program", at, target)
	}
	done, err := p.Up(ctx)
	if err != nil {
		return len(done), sorted(fmt.Errorf("migrate the database: %w", err))
	}
	jobs, err := d.migrateJobs(ctx)
	return len(done) + jobs, err
}

// IsCurrent reports whether the schema is what this program needs.
func (d *DB) IsCurrent(ctx context.Context) (bool, error) {
	p, err := d.provider()
	if err != nil {
		return false, err
	}
	at, target, err := p.GetVersions(ctx)
	return at == target, sorted(err)
}

// provider returns what knows the migrations.
func (d *DB) provider() (*goose.Provider, error) {
	dialect := goose.DialectSQLite3
	if d.Engine() == PostgreSQL {
		dialect = goose.DialectPostgres
	}
	return goose.NewProvider(dialect, d.Pool(), migrationsOf(d.Engine()), goose.WithTableName("schema_version"))
}

// lockMigrations waits until this node may migrate.
func (d *DB) lockMigrations(ctx context.Context) (unlock func(), err error) {
	conn, err := d.Pool().Conn(ctx)
	if err != nil {
		return nil, sorted(err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return nil, sorted(errors.Join(err, conn.Close()))
	}
	return func() {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", int64(migrationLock))
		_ = conn.Close()
	}, nil
}

// migrateJobs makes the tables of the queue, which the library River owns.
func (d *DB) migrateJobs(ctx context.Context) (int, error) {
	if d.Engine() == PostgreSQL {
		return migrateRiver(ctx, d, riverdatabasesql.New(d.Pool()))
	}
	return migrateRiver(ctx, d, riversqlite.New(d.Pool()))
}

func migrateRiver[T any](ctx context.Context, d *DB, driver riverdriver.Driver[T]) (int, error) {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: d.log})
	if err != nil {
		return 0, fmt.Errorf("migrate the queue of jobs: %w", err)
	}
	r, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return 0, sorted(fmt.Errorf("migrate the queue of jobs: %w", err))
	}
	return len(r.Versions), nil
}

// Schema returns the text of all migrations in their order, as PostgreSQL gets
// them.
func Schema() string {
	files := migrationsOf(PostgreSQL)
	list, err := files.ReadDir(".")
	if err != nil {
		panic(err) // they are embedded
	}
	var b strings.Builder
	for _, file := range list {
		text, err := fs.ReadFile(files, file.Name())
		if err != nil {
			panic(err)
		}
		b.Write(text)
	}
	return b.String()
}
