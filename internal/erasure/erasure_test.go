package erasure_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/holders"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func clock() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }

// A diary is a room for tests: people write letters, which can be found.
type diary struct{}

const diaryTable = `CREATE TABLE diary_letter (id TEXT PRIMARY KEY, writer TEXT NOT NULL, text TEXT NOT NULL)`

func (diary) Holds() []erasure.Table {
	return []erasure.Table{{
		Name: "diary_letter", Personal: []string{"text"}, Erased: "with its document",
		Free: erasure.Reasons{"id": erasure.AnID, "writer": erasure.AnID},
	}}
}

func (diary) Erase(ctx context.Context, tx store.Tx, _ audit.Actor, person erasure.PersonID) (int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT id FROM diary_letter WHERE writer = $1", string(person))
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return 0, err
		}
		ids = append(ids, id)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := search.Remove(ctx, tx, "diary", "letter", id); err != nil {
			return 0, err
		}
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM diary_letter WHERE writer = $1", string(person))
	return int64(len(ids)), err
}

// A house is a server with accounts and diaries.
type house struct {
	*erasure.Service
	db       *store.DB
	accounts *auth.Service
	folder   string
}

// nobody carries letters nowhere.
type nobody struct{}

func (nobody) PostLetter(context.Context, store.Tx, string) error { return nil }

func open(t *testing.T, db *store.DB, folder string) *house {
	t.Helper()
	authority, err := auth.NewAuthority()
	if err != nil {
		t.Fatal(err)
	}
	journal := audit.New(db, clock)
	accounts, err := auth.NewService(db, authority, journal, nobody{}, clock)
	if err != nil {
		t.Fatal(err)
	}
	all := append([]erasure.Holder{diary{}}, holders.All(clock)...)
	return &house{erasure.New(db, journal, clock, folder, all...), db, accounts, folder}
}

func (h *house) execute(t *testing.T, statement string, args ...any) {
	t.Helper()
	err := h.db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// count returns a number that a query asks for.
func (h *house) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	err := h.db.View(t.Context(), func(tx store.Tx) error { return tx.QueryRowContext(t.Context(), query, args...).Scan(&n) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// join makes an account that has everything an account can have, and writes
// letters.
func (h *house) join(t *testing.T, name string, roles ...auth.Role) erasure.PersonID {
	t.Helper()
	ctx, lower := t.Context(), strings.ToLower(name)
	email := lower + "@meridian.example"
	const password = "crane tide lamp otter"
	p, err := h.accounts.AddPerson(ctx, auth.TheProgram("test"), name+" Quay", email, password, roles...)
	if err != nil {
		t.Fatal(err)
	}
	in, err := h.accounts.ByPassword(ctx, auth.SignIn{Email: email, Password: password, From: netip.MustParseAddr("192.0.2.1"), Device: name + "'s telephone"})
	if err != nil {
		t.Fatal(err)
	}
	by, err := h.accounts.ByCookie(ctx, in.Session)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.accounts.NewToken(ctx, by, by.ID, "reports for "+name, h.accounts.Scopes()[:1], clock().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	id := string(p.ID)
	now := clock().UnixMicro()
	h.execute(t, "INSERT INTO auth_identity (id, principal, issuer, subject, email, created_at) VALUES ($1, $2, 'https://id.example', $3, $4, $5)", "i"+id, id, lower+"-subject", email, now)
	h.execute(t, "INSERT INTO auth_passkey (id, principal, relying_party, credential, name, record, created_at) VALUES ($1, $2, 'x', $3, $4, '{}', $5)", "k"+id, id, "c"+id, name+"'s key", now)
	h.execute(t, "INSERT INTO auth_letter (id, kind, subject, email, asked_at) VALUES ($1, 'verify', $2, $3, $4)", "l"+id, id, "new-"+email, now)
	h.execute(t, "INSERT INTO auth_link (secret, purpose, subject, email, created_at, expires_at) VALUES ($1, 'verify', $2, $3, $4, $4)", "s"+id, id, "new-"+email, now)
	h.execute(t, "INSERT INTO auth_invitation (id, email, name, roles, invited_by, created_at, expires_at, ended_at, principal) VALUES ($1, $2, $3, '', '', $4, $4, $4, $5)", "v"+id, email, name, now, id)
	err = h.db.Update(ctx, func(tx store.Tx) error {
		for i := range 40 {
			letter := fmt.Sprintf("%s-%d", id, i)
			text := strings.Repeat(fmt.Sprintf("%s wrote this in the night of the %dth. ", name, i), 1+i%30)
			if _, err := tx.ExecContext(ctx, "INSERT INTO diary_letter (id, writer, text) VALUES ($1, $2, $3)", letter, id, text); err != nil {
				return err
			}
			err := search.Put(ctx, tx, search.Document{
				Room: "diary", Kind: "letter", ID: letter, Title: "Letter of " + name, Names: []string{name + "s Brief"}, Text: text,
				Address: "/letters/" + letter, Audiences: []string{search.Everyone}, At: clock(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return erasure.PersonID(id)
}

// traces tells in which files of a database a word is, in any case.
func traces(t *testing.T, db *store.DB, place, word string) (found []string) {
	t.Helper()
	names := []string{place, place + "-wal", place + "-shm", place + "-journal"}
	if db.Engine() == store.PostgreSQL {
		var folder string
		if _, err := db.Pool().ExecContext(t.Context(), "CHECKPOINT"); err != nil {
			t.Fatal(err)
		}
		err := db.Pool().QueryRowContext(t.Context(), `SELECT current_setting('data_directory') || '/base/' || oid FROM pg_database WHERE datname = current_database()`).Scan(&folder)
		if err != nil {
			t.Fatal(err)
		}
		if names, err = filepath.Glob(filepath.Join(folder, "*")); err != nil || len(names) == 0 {
			t.Fatalf("the files of the server cannot be read here; name none, and `make test` starts one whose files can: %s, %v", folder, err)
		}
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if n := bytes.Count(bytes.ToLower(content), []byte(strings.ToLower(word))); n > 0 {
			found = append(found, fmt.Sprintf("%s: %d times", filepath.Base(name), n))
		}
	}
	return found
}

// places runs a test with the place of a database that has diaries.
func places(t *testing.T, test func(t *testing.T, place string)) {
	storetest.Places(t, func(t *testing.T, place string) {
		db := storetest.Open(t, place)
		(&house{db: db}).execute(t, diaryTable)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		test(t, place)
	})
}

var chief = auth.Actor{ID: "chief", Kind: auth.Person, Request: "r-1"}

// Nothing of a person is left, in no row, no index and no byte of the files;
// what is of others stays; the journal tells it and is whole.
func TestEraseLeavesNoTrace(t *testing.T) {
	places(t, func(t *testing.T, place string) {
		h, ctx := open(t, storetest.Open(t, place), t.TempDir()), t.Context()
		ben := h.join(t, "Benjamina", auth.Recruiter)
		h.join(t, "Constanze", auth.Administrator)
		if h.db.Engine() == store.PostgreSQL {
			h.execute(t, "ANALYZE") // statistics hold values, too
		}
		if len(traces(t, h.db, place, "Benjamina")) == 0 {
			t.Fatal("there is no trace before, so this test shows nothing")
		}
		r, err := h.Erase(ctx, chief, ben)
		if err != nil || !r.Scrubbed || r.Rows < 45 {
			t.Fatalf("erased: %+v, %v", r, err)
		}
		if found := traces(t, h.db, place, "Benjamina"); len(found) > 0 {
			t.Errorf("Benjamina is found in %q", found)
		}
		if len(traces(t, h.db, place, "Constanze")) == 0 {
			t.Error("Constanze is gone")
		}
		for what, n := range map[string]int{
			"letters of Constanze":      h.count(t, "SELECT count(*) FROM diary_letter") - 40,
			"documents of Constanze":    h.count(t, "SELECT count(*) FROM search_document") - 40,
			"the account of Benjamina":  h.count(t, "SELECT count(*) FROM auth_principal WHERE id = $1 AND name = '(erased)' AND email = '' AND verified = 0 AND disabled_at > 0", string(ben)) - 1,
			"roles of Benjamina":        h.count(t, "SELECT count(*) FROM auth_role WHERE principal = $1 AND until IS NULL", string(ben)),
			"sessions of Benjamina":     h.count(t, "SELECT count(*) FROM auth_session WHERE principal = $1", string(ben)),
			"tombstones":                h.count(t, "SELECT count(*) FROM erasure_tombstone WHERE person = $1 AND erased_by = 'chief' AND scrubbed_at > 0", string(ben)) - 1,
			"invitations for Constanze": h.count(t, "SELECT count(*) FROM auth_invitation") - 1,
		} {
			if n != 0 {
				t.Errorf("%s: %d too many or too few", what, n)
			}
		}
		line, err := os.ReadFile(filepath.Join(h.folder, erasure.TombstonesFile))
		if want := fmt.Sprintf(`{"person":"%s","at":"2026-11-30T12:00:00Z"}`+"\n", ben); err != nil || string(line) != want {
			t.Errorf("the file of tombstones is %s, %v", line, err)
		}
		h.isWhole(t, "erasure.person.erase")
		if _, err := h.Erase(ctx, chief, ben); fault.KindOf(err) != fault.NotFound {
			t.Errorf("erased again: %v", err)
		}
	})
}

// isWhole verifies the journal, and that its newest entry is of an action.
func (h *house) isWhole(t *testing.T, action string) {
	t.Helper()
	err := h.db.View(t.Context(), func(tx store.Tx) error {
		_, err := audit.Verify(t.Context(), tx, nil, func(p audit.Problem) { t.Error(p) })
		if err != nil {
			return err
		}
		found, err := audit.Entries(t.Context(), tx, audit.Filter{Action: action})
		if len(found) == 0 {
			t.Errorf("the journal has no %s", action)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Who was invited and never came is erased by the invitation.
func TestEraseInvitation(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, t.TempDir())
		h.execute(t, diaryTable)
		now := clock().UnixMicro()
		h.execute(t, "INSERT INTO auth_invitation (id, email, name, roles, invited_by, created_at, expires_at, principal) VALUES ('v1', 'dora@x.example', 'Dora', '', '', $1, $1, '')", now)
		h.execute(t, "INSERT INTO auth_letter (id, kind, subject, email, asked_at) VALUES ('l1', 'invite', 'v1', '', $1)", now)
		if r, err := h.Erase(t.Context(), chief, "v1"); err != nil || r.Rows != 2 {
			t.Errorf("erased: %+v, %v", r, err)
		}
		if n := h.count(t, "SELECT count(*) FROM auth_invitation"); n != 0 {
			t.Errorf("%d invitations", n)
		}
		if _, err := h.Erase(t.Context(), chief, "v2"); fault.KindOf(err) != fault.NotFound {
			t.Errorf("nobody: %v", err)
		}
	})
}

// Somebody has to be left who can let others in.
func TestLastAdministratorStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := open(t, db, t.TempDir())
		h.execute(t, diaryTable)
		ada := h.join(t, "Ada", auth.Administrator)
		if _, err := h.Erase(t.Context(), chief, ada); fault.KindOf(err) != fault.Conflict {
			t.Errorf("the last administrator: %v", err)
		}
		if n := h.count(t, "SELECT count(*) FROM diary_letter") + h.count(t, "SELECT count(*) FROM auth_session"); n != 41 {
			t.Errorf("a refused erasure removed something: %d of 41 are left", n)
		}
	})
}

// While somebody reads an older state, rows go at once and bytes later.
func TestScrubWaitsForReaders(t *testing.T) {
	t.Parallel()
	place := storetest.SQLite(t)
	h, ctx := open(t, storetest.Open(t, place), t.TempDir()), t.Context()
	h.execute(t, diaryTable)
	ben := h.join(t, "Benjamina")
	err := h.db.View(ctx, func(tx store.Tx) error {
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM diary_letter").Scan(&n); err != nil {
			return err
		}
		r, err := h.Erase(ctx, chief, ben)
		if err != nil || r.Scrubbed {
			t.Errorf("erased while somebody reads: %+v, %v", r, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := h.count(t, "SELECT count(*) FROM diary_letter"); n != 0 {
		t.Errorf("%d letters", n)
	}
	if err := h.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	if found := traces(t, h.db, place, "Benjamina"); len(found) > 0 {
		t.Errorf("Benjamina is found in %q", found)
	}
}

// copied returns the place of a copy of a database that nobody has open.
func copied(t *testing.T, place string) string {
	t.Helper()
	if u, err := url.Parse(place); err == nil && u.Scheme == "postgres" {
		return storetest.Empty(t, "TEMPLATE "+strings.TrimPrefix(u.Path, "/"))
	}
	content, err := os.ReadFile(place)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// An older backup that is put back has people who were erased since. They are
// erased again before anything is served, and nobody else is.
func TestReapply(t *testing.T) {
	places(t, func(t *testing.T, place string) {
		folder, ctx := t.TempDir(), t.Context()
		h := open(t, storetest.Open(t, place), folder)
		ben, ada := h.join(t, "Benjamina"), h.join(t, "Constanze", auth.Administrator)
		if err := h.db.Close(); err != nil {
			t.Fatal(err)
		}
		backup := copied(t, place)
		h = open(t, storetest.Open(t, place), folder)
		if _, err := h.Erase(ctx, chief, ben); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Reapply(ctx); n != 0 || err != nil {
			t.Errorf("nothing was put back: %d, %v", n, err)
		}
		h = open(t, storetest.Open(t, backup), folder)
		if n, err := h.Reapply(ctx); n != 1 || err != nil {
			t.Errorf("an older backup: %d were erased again, %v", n, err)
		}
		if found := traces(t, h.db, backup, "Benjamina"); len(found) > 0 {
			t.Errorf("Benjamina is found in %q", found)
		}
		if n := h.count(t, "SELECT count(*) FROM auth_session WHERE principal = $1", string(ada)); n != 1 {
			t.Errorf("Constanze has %d sessions", n)
		}
		if n := h.count(t, "SELECT count(*) FROM erasure_tombstone WHERE at = $1 AND erased_by = ''", clock().UnixMicro()); n != 1 {
			t.Errorf("%d tombstones", n)
		}
		h.isWhole(t, "erasure.person.erase")
		if n, err := h.Reapply(ctx); n != 0 || err != nil {
			t.Errorf("once more: %d, %v", n, err)
		}
	})
}

// A line that was written in part is left out; one that is wrong is told.
func TestTombstonesFile(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	for content, want := range map[string]string{
		"":                                       "",
		`{"person":"a"}` + "\n\n":                "a",
		`{"person":"a"}` + "\n" + `{"pers`:       "a",
		`{"person":"a"}`:                         "a",
		`{"per` + "\n" + `{"person":"a"}` + "\n": "line 1, is no tombstone",
		`{"person":""}` + "\n":                   "line 1, is no tombstone",
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, erasure.TombstonesFile), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var erased people
		_, err := erasure.New(db, audit.New(db, clock), clock, folder, &erased).Reapply(t.Context())
		got := strings.Join(erased, " ")
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%q: %s, want %q", content, got, want)
		}
		if _, err := db.Pool().ExecContext(t.Context(), "DELETE FROM erasure_tombstone"); err != nil {
			t.Fatal(err)
		}
	}
}

// After a line that was written in part comes a whole one, and nobody is lost.
func TestTombstoneBehindAPart(t *testing.T) {
	for _, part := range []string{`{"pers`, `{"person":"c","at":"2026-11-01T00:00:00Z"}`} {
		db, folder := storetest.Open(t, storetest.SQLite(t)), t.TempDir()
		file := filepath.Join(folder, erasure.TombstonesFile)
		if err := os.WriteFile(file, []byte(`{"person":"a"}`+"\n"+part), 0o600); err != nil {
			t.Fatal(err)
		}
		var erased people
		if _, err := erasure.New(db, audit.New(db, clock), clock, folder, &erased).Erase(t.Context(), nil, "b"); err != nil {
			t.Fatal(err)
		}
		again := storetest.Open(t, storetest.SQLite(t)) // an older copy
		erased = nil
		if _, err := erasure.New(again, audit.New(again, clock), clock, folder, &erased).Reapply(t.Context()); err != nil {
			t.Errorf("behind %s: %v", part, err)
		}
		want := "a b"
		if strings.HasPrefix(part, `{"person"`) {
			want = "a c b"
		}
		if got := strings.Join(erased, " "); got != want {
			t.Errorf("behind %s: %s were erased, want %s", part, got, want)
		}
	}
}

// people is a holder that notes who is erased.
type people []string

func (*people) Holds() []erasure.Table { return nil }

func (p *people) Erase(_ context.Context, _ store.Tx, _ audit.Actor, person erasure.PersonID) (int64, error) {
	*p = append(*p, string(person))
	return 1, nil
}

// Every column of the program's tables that could hold text is spoken for. If
// this fails, say in the room's Personal what the column holds, and list the
// room in package holders.
func TestEveryColumnIsDeclared(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		for _, wrong := range undeclared(t, db, holders.All(clock)...) {
			t.Error(wrong)
		}
	})
}

func undeclared(t *testing.T, db *store.DB, all ...erasure.Holder) []string {
	t.Helper()
	return storetest.Read(t, db, func(ctx context.Context, tx store.Tx) ([]string, error) {
		return erasure.Undeclared(ctx, tx, all...)
	})
}

// What a room forgets is told.
func TestForgottenColumnIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := house{db: db}
		h.execute(t, diaryTable)
		h.execute(t, "CREATE TABLE diary_reader (id BIGINT PRIMARY KEY, name TEXT NOT NULL)")
		for name, test := range map[string]struct {
			tables erasure.Tables
			want   string
		}{
			"nothing is declared": {nil, "table diary_letter: nobody says whether id, text, writer hold text about people"},
			"a column is forgotten": {
				erasure.Tables{{Name: "diary_letter", Personal: []string{"text"}, Person: "writer", Free: erasure.Reasons{"id": "x"}}},
				"column diary_letter.writer: say whether it holds text about people, once",
			},
			"a column is both": {
				erasure.Tables{{Name: "diary_letter", Personal: []string{"id"}, Person: "writer", Free: erasure.Reasons{"id": "x"}}},
				"column diary_letter.id: say whether it holds text about people, once",
			},
			"a column that is not there": {erasure.Tables{{Name: "diary_letter", Personal: []string{"txt"}, Person: "writer"}}, "column diary_letter.txt does not exist"},
			"nobody erases":              {erasure.Tables{{Name: "diary_letter", Personal: []string{"text"}}}, "table diary_letter: say how a person is erased, by the column Person or by Erased"},
			"it becomes nothing": {
				erasure.Tables{{Name: "diary_letter", Personal: []string{"text"}, Person: "writer", Becomes: erasure.Values{}}},
				"column diary_letter.text: say what it becomes",
			},
			"a table that is not there": {erasure.Tables{{Name: "diary_page"}}, "table diary_page is declared twice, or does not exist"},
		} {
			all := append([]erasure.Holder{test.tables}, holders.All(clock)...)
			got := undeclared(t, db, all...)
			if !slices.Contains(got, test.want) || !slices.Contains(got, "table diary_reader: nobody says whether name hold text about people") {
				t.Errorf("%s: %q, want %q", name, got, test.want)
			}
		}
	})
}
