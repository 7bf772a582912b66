package storetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/cadre-hq/cadre/internal/store"
)

// PostgreSQL returns the address of a migrated database, which is dropped when
// the test ends. It skips the test if there is no server.
func PostgreSQL(t testing.TB) string {
	t.Helper()
	place := Empty(t, "TEMPLATE "+template(t))
	return place
}

// Empty returns the address of a database made with the given clause of CREATE
// DATABASE, which may be empty.
func Empty(t testing.TB, clause string) string {
	t.Helper()
	server := server(t)
	name := "cadre_test_" + strings.ToLower(rand.Text())[:16]
	run(t, server, fmt.Sprintf("CREATE DATABASE %s %s", name, clause))
	t.Cleanup(func() { run(t, server, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name)) })
	return at(t, server, name)
}

// server returns the address of the server, or skips.
func server(t testing.TB) string {
	t.Helper()
	switch s := os.Getenv(Variable); s {
	case "":
		t.Skipf("there is no PostgreSQL: %s does not name a server; `make test` starts one", Variable)
	case "require":
		t.Fatalf("%s is require, and no server was started: run the tests with `make test`", Variable)
	default:
		return s
	}
	return ""
}

// at returns the address of another database of a server.
func at(t testing.TB, server, name string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	u.Path = "/" + name
	return u.String()
}

func run(t testing.TB, server, statement string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		t.Fatalf("the server of %s: %v", Variable, err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// templates guards that a process makes the template once.
var templates sync.Mutex

// template returns the name of a migrated database that is copied for each
// test. Its name is made of the schema, so that packages that are tested at
// the same time share one; the first to ask makes it, under a lock.
func template(t testing.TB) string {
	t.Helper()
	templates.Lock()
	defer templates.Unlock()
	server := server(t)
	sum := sha256.Sum256([]byte(store.Schema()))
	name := "cadre_template_" + hex.EncodeToString(sum[:8])
	if err := makeTemplate(server, name, at(t, server, name)); err != nil {
		t.Fatalf("make the template of the test databases: %v", err)
	}
	return name
}

func makeTemplate(server, name, place string) (err error) {
	ctx := context.Background()
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	const lock = 0x74656d706c617465 // "template"
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(lock)); err != nil {
		return err
	}
	var ready bool
	if err := c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&ready); err != nil || ready {
		return err
	}
	// What an interrupted run left is made again.
	if _, err := c.Exec(ctx, "DROP DATABASE IF EXISTS "+name); err != nil {
		return err
	}
	if _, err := c.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return err
	}
	if err := migrate(place); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true")
	return err
}
