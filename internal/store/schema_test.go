package store_test

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A statement is SQL in the program.
type statement struct {
	text, at  string
	generated bool // by sqlc
}

// twoTexts are the packages whose SQL may be of one database.
var twoTexts = []string{"internal/search", "internal/store", "internal/store/dump", "internal/jobs", "internal/backup", "internal/erasure"}

// statements returns all SQL of the program that stands there as a whole: the
// queries that sqlc generated, and what is given to a transaction literally.
func statements(t *testing.T) (found []statement) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	err = filepath.WalkDir(filepath.Join(root, "internal"), func(name string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(lit.Value)
			if err != nil {
				return true
			}
			generated := strings.HasPrefix(text, "-- name: ")
			if generated || isStatement(f, lit, text) {
				at, _ := filepath.Rel(root, set.Position(lit.Pos()).String())
				found = append(found, statement{text, filepath.ToSlash(at), generated})
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// isStatement reports whether a literal is the whole query of a call.
func isStatement(f *ast.File, lit *ast.BasicLit, text string) (is bool) {
	verb, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	if !slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}, verb) {
		return false
	}
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return !is
		}
		method, ok := call.Fun.(*ast.SelectorExpr)
		if ok && slices.Contains([]string{"ExecContext", "QueryContext", "QueryRowContext"}, method.Sel.Name) && len(call.Args) > 1 && call.Args[1] == lit {
			is = true
		}
		return !is
	})
	return is
}

// TestEverySQLPrepares has each database read each statement of the program, so
// that a query that one of them does not understand is found here and not by
// whoever uses it first.
func TestEverySQLPrepares(t *testing.T) {
	all := statements(t)
	generated := 0
	understood := map[statement]int{}
	engines := 0
	for name, place := range map[string]func(testing.TB) string{"sqlite": storetest.SQLite, "postgres": storetest.PostgreSQL} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, place(t))
			engines++
			for _, s := range all {
				p, err := db.Pool().PrepareContext(t.Context(), s.text)
				if err == nil {
					understood[s]++
					_ = p.Close()
					continue
				}
				folder, _, _ := strings.Cut(s.at, ":")
				if folder = folder[:strings.LastIndexByte(folder, '/')]; s.generated || !slices.Contains(twoTexts, folder) {
					t.Errorf("%s on %s: %v\n%s", s.at, db.Engine(), err, s.text)
				}
			}
		})
	}
	for _, s := range all {
		if s.generated {
			generated++
		}
		if engines == 2 && understood[s] == 0 {
			t.Errorf("%s is understood by no database:\n%s", s.at, s.text)
		}
	}
	if generated < 50 || len(all) < generated+20 {
		t.Errorf("found %d statements, %d of them generated: this test looks in the wrong place", len(all), generated)
	}
}

// A column is what both databases tell of one.
type column struct {
	Name, Type string
	NotNull    bool
	Key        int64 // its place in the primary key, from 1
}

// An index is what both tell of one.
type index struct {
	Name    string
	Unique  bool
	Columns string
}

type table struct {
	Columns []column
	Indexes []index
	Refers  []string // to other tables
}

// The schema is the same on both databases, but for the index over words.
func TestSchemasAreTheSame(t *testing.T) {
	lite, post := storetest.Open(t, storetest.SQLite(t)), storetest.Open(t, storetest.PostgreSQL(t))
	a, b := schema(t, lite), schema(t, post)
	if len(a) < 10 {
		t.Errorf("there are %d tables: this test looks in the wrong place", len(a))
	}
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("the schema of SQLite (-) and that of PostgreSQL (+) differ:\n%s", d)
	}
}

// schema returns the tables of the program by their names.
func schema(t *testing.T, db *store.DB) map[string]table {
	t.Helper()
	queries := map[store.Engine][3]string{
		store.SQLite: {
			`SELECT m.name, c.name, c.type, CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN 1 ELSE 0 END, c.pk
				FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.name`,
			`SELECT m.name, i.name, i."unique", (SELECT group_concat(x.name, ',') FROM pragma_index_info(i.name) x)
				FROM sqlite_schema m JOIN pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c' ORDER BY m.name, i.name`,
			`SELECT DISTINCT m.name, f."table" FROM sqlite_schema m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1, 2`,
		},
		store.PostgreSQL: {
			`SELECT c.table_name, c.column_name, upper(c.data_type), CASE WHEN c.is_nullable = 'NO' THEN 1 ELSE 0 END,
				coalesce((SELECT k.ordinal_position FROM information_schema.key_column_usage k JOIN information_schema.table_constraints t USING (constraint_name)
					WHERE t.constraint_type = 'PRIMARY KEY' AND k.table_name = c.table_name AND k.column_name = c.column_name), 0)
				FROM information_schema.columns c WHERE c.table_schema = 'public' ORDER BY c.table_name COLLATE "C", c.column_name COLLATE "C"`,
			`SELECT t.relname, i.relname, CASE WHEN x.indisunique THEN 1 ELSE 0 END,
				(SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY k(c, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.c)
				FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace
				WHERE s.nspname = 'public' AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid) ORDER BY t.relname COLLATE "C", i.relname COLLATE "C"`,
			`SELECT DISTINCT t.relname, f.relname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
				WHERE c.contype = 'f' ORDER BY 1, 2`,
		},
	}[db.Engine()]
	all := map[string]table{}
	ours := func(name string) bool {
		return !strings.HasPrefix(name, "river_") && !strings.HasPrefix(name, "sqlite_") && !strings.HasPrefix(name, "search_index") && name != "schema_version"
	}
	each(t, db, queries[0], func(scan func(...any) error) error {
		var name string
		var c column
		var notNull int
		err := scan(&name, &c.Name, &c.Type, &notNull, &c.Key)
		if c.NotNull = notNull == 1; ours(name) {
			one := all[name]
			one.Columns = append(one.Columns, c)
			all[name] = one
		}
		return err
	})
	each(t, db, queries[1], func(scan func(...any) error) error {
		var name string
		var i index
		var unique int
		err := scan(&name, &i.Name, &unique, &i.Columns)
		if i.Unique = unique == 1; ours(name) {
			one := all[name]
			one.Indexes = append(one.Indexes, i)
			all[name] = one
		}
		return err
	})
	each(t, db, queries[2], func(scan func(...any) error) error {
		var name, to string
		err := scan(&name, &to)
		if ours(name) {
			one := all[name]
			one.Refers = append(one.Refers, to)
			all[name] = one
		}
		return err
	})
	return all
}

// each calls f for each row of a query.
func each(t *testing.T, db *store.DB, query string, f func(scan func(...any) error) error) {
	t.Helper()
	err := db.View(context.Background(), func(tx store.Tx) error {
		rows, err := tx.QueryContext(context.Background(), query)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			if err := f(rows.Scan); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}
