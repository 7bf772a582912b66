package audit_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// written fills a journal as three processes do that run one after the other,
// the first two of which end: ten entries on a chain each. It returns the names
// of the chains.
func written(t *testing.T, db *store.DB) (chains []string) {
	t.Helper()
	clock := ticking()
	for range 3 {
		o := &office{audit.New(db, clock), db}
		for i := range 10 {
			o.note(t, "catalog.version.publish", i)
		}
		chains = append(chains, entries(t, db, audit.Filter{Limit: 1})[0].Chain)
	}
	return chains
}

func execute(t *testing.T, db *store.DB, statement string, args ...any) {
	t.Helper()
	err := db.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.ExecContext(t.Context(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// seal returns a seal over the whole journal.
func seal(t *testing.T, db *store.DB) audit.Seal {
	t.Helper()
	return storetest.Read(t, db, func(ctx context.Context, tx store.Tx) (audit.Seal, error) {
		return audit.MakeSeal(ctx, tx, noon, time.Time{})
	})
}

// Each column of each kind of entry (the first of a chain, one between others,
// the last of all) may be changed; that entry is named, and no other is.
func TestChangedColumnIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		chains := written(t, db)
		columns := map[string]string{
			"at": "at + 1", "actor": "'eve'", "action": "'catalog.version.read'", "thing_kind": "'offer'", "thing_id": "'x'", "request": "'r-2'",
			"facts": `'{"version":1}'`, "witness_chain": "'nobody'", "witness_seq": "witness_seq + 1", "witness_hash": "'" + strings.Repeat("0", 64) + "'",
			"hash": "'" + strings.Repeat("0", 64) + "'",
		}
		for column, value := range columns {
			for _, seq := range []int{1, 5, 10} {
				for _, chain := range chains {
					execute(t, db, "CREATE TABLE saved AS SELECT * FROM audit_entry WHERE chain = $1 AND seq = $2", chain, seq)
					execute(t, db, fmt.Sprintf("UPDATE audit_entry SET %s = %s WHERE chain = $1 AND seq = $2", column, value), chain, seq)
					got := problems(t, db)
					if want := fmt.Sprintf("entry %s/%d: altered", chain, seq); len(got) != 1 || !strings.HasPrefix(got[0], want) {
						t.Errorf("%s of %s/%d was changed: %q", column, chain, seq, got)
					}
					execute(t, db, "DELETE FROM audit_entry WHERE chain = $1 AND seq = $2", chain, seq)
					execute(t, db, "INSERT INTO audit_entry SELECT * FROM saved")
					execute(t, db, "DROP TABLE saved")
				}
			}
		}
		clean(t, db)
	})
}

// Whoever removes, moves or exchanges entries is found out.
func TestTamperingIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		how  []string // C1, C2, C3 stand for the chains
		want []string
	}{
		"nothing":                           {nil, nil},
		"the first entry is removed":        {[]string{"DELETE FROM audit_entry WHERE chain = 'C1' AND seq = 1"}, []string{"entry C1/1: missing"}},
		"entries between are removed":       {[]string{"DELETE FROM audit_entry WHERE chain = 'C2' AND seq BETWEEN 4 AND 6"}, []string{"entries C2/4 to 6: missing"}},
		"a tail is cut off":                 {[]string{"DELETE FROM audit_entry WHERE chain = 'C1' AND seq > 7"}, []string{"entries C1/8 to 10: cut"}},
		"a chain is removed":                {[]string{"DELETE FROM audit_entry WHERE chain = 'C2'"}, []string{"chain C2: vanished"}},
		"an entry is moved to the end":      {[]string{"UPDATE audit_entry SET seq = 11 WHERE chain = 'C1' AND seq = 3"}, []string{"entry C1/3: missing", "entry C1/11: moved: it was written as entry 3"}},
		"an entry gets another chain":       {[]string{"UPDATE audit_entry SET chain = 'x' WHERE chain = 'C3' AND seq = 3"}, []string{"entry C3/3: missing", "entries x/1 to 2: missing"}},
		"an entry is put in":                {[]string{"INSERT INTO audit_entry SELECT chain, 11, at, actor, action, thing_kind, thing_id, request, facts, witness_chain, witness_seq, witness_hash, hash FROM audit_entry WHERE chain = 'C3' AND seq = 10"}, []string{"entry C3/11: altered"}},
		"entries are exchanged":             {swap("C2", 3, 7), []string{"entry C2/3: moved: it was written as entry 7", "entry C2/7: moved: it was written as entry 3"}},
		"neighbours are exchanged":          {swap("C2", 3, 4), []string{"entry C2/3: moved: it was written as entry 4", "entry C2/4: moved: it was written as entry 3"}},
		"an entry gets a number of its own": {[]string{"UPDATE audit_entry SET seq = -1 WHERE chain = 'C1' AND seq = 10"}, []string{"entry C1/-1: altered", "entry C1/10: cut"}},
		"two are removed, one is changed": {
			[]string{"DELETE FROM audit_entry WHERE chain = 'C1' AND seq IN (2, 6)", "UPDATE audit_entry SET actor = 'eve' WHERE chain = 'C3' AND seq = 9"},
			[]string{"entry C1/2: missing", "entry C1/6: missing", "entry C3/9: altered"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, db *store.DB) {
				chains := written(t, db)
				names := strings.NewReplacer("C1", chains[0], "C2", chains[1], "C3", chains[2])
				for _, statement := range test.how {
					execute(t, db, names.Replace(statement))
				}
				got := problems(t, db)
				slices.Sort(got)
				ok := len(got) == len(test.want)
				for _, want := range test.want {
					ok = ok && slices.ContainsFunc(got, func(line string) bool { return strings.HasPrefix(line, names.Replace(want)) })
				}
				if !ok {
					t.Errorf("problems %q, want %q", got, test.want)
				}
			})
		})
	}
}

// swap exchanges two entries of a chain, all but their numbers.
func swap(chain string, a, b int) []string {
	set := "UPDATE audit_entry SET seq = %d WHERE chain = '%s' AND seq = %d"
	return []string{fmt.Sprintf(set, 1000, chain, a), fmt.Sprintf(set, a, chain, b), fmt.Sprintf(set, b, chain, 1000)}
}

// Who writes a chain anew from some entry on, with hashes that fit, is found
// out by the entries of others that saw it.
func TestRewrittenChainIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		chains := written(t, db)
		forge(t, db, chains[0])
		got := problems(t, db)
		if want := fmt.Sprintf("entry %s/10: altered: it fits its chain, but is not what entry ", chains[0]); len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("problems %q, want %q…", got, want)
		}
	})
}

// forge writes a chain anew, as somebody does who knows this program.
func forge(t *testing.T, db *store.DB, chain string) {
	t.Helper()
	at := entries(t, db, audit.Filter{Limit: 1000})
	execute(t, db, "DELETE FROM audit_entry WHERE chain = $1", chain)
	forger := audit.NewNamed(ticking(), strings.TrimSuffix(chain, "-1"))
	for _, e := range slices.Backward(at) {
		if e.Chain != chain {
			continue
		}
		err := db.Update(t.Context(), func(tx store.Tx) error {
			return forger.Record(t.Context(), tx, clerk{"eve", e.Request}, e.Action, e.Kind, e.ID)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The newest entries of all are not missed by any other; a seal knows of them.
func TestSealKnowsTheTail(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		chains := written(t, db)
		s := seal(t, db)
		var text strings.Builder
		if err := s.Write(&text); err != nil {
			t.Fatal(err)
		}
		seals, err := audit.ReadSeals(strings.NewReader(text.String() + text.String()))
		if err != nil || len(seals) != 2 || len(seals[0].Heads) != 3 {
			t.Fatalf("seals %+v, %v", seals, err)
		}
		clean(t, db, seals...)
		open(db).note(t, "catalog.version.publish", "later")
		clean(t, db, seals...)
		execute(t, db, "DELETE FROM audit_entry WHERE chain NOT IN ($1, $2) OR chain = $2 AND seq > 8", chains[0], chains[1])
		got := problems(t, db, seals...)
		slices.Sort(got)
		want := []string{
			"chain " + chains[2] + ": vanished: all of it is gone; the seal of 2026-11-30T12:00:00Z knows of its entry 10",
			"entries " + chains[1] + "/9 to 10: cut: they are gone, and perhaps more; the seal of 2026-11-30T12:00:00Z knows of entry 10",
		}
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("problems %q, want %q", got, want)
		}
		if _, err := audit.ReadSeals(strings.NewReader(text.String() + "{")); err == nil || !strings.Contains(err.Error(), "seal 2") {
			t.Errorf("half a seal: %v", err)
		}
	})
}

// The server's seals follow each other: each lists only the chains that grew.
func TestSealsFollowEachOther(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		written(t, db)
		clock := ticking()
		path := filepath.Join(t.TempDir(), audit.SealsFile)
		o := &office{audit.New(db, func() time.Time { return clock().Add(time.Hour) }), db}
		for _, want := range []int{3, 0, 1} {
			before := readSeals(t, path)
			if err := o.Seal(t.Context(), path); err != nil {
				t.Fatal(err)
			}
			after := readSeals(t, path)
			if got := after[len(before):]; len(got) != min(want, 1) || want > 0 && len(got[0].Heads) != want {
				t.Errorf("the seal is %+v, want %d heads", got, want)
			}
			if want == 0 {
				o.note(t, "catalog.version.publish", "later")
			}
		}
		clean(t, db, readSeals(t, path)...)
	})
}

func readSeals(t *testing.T, path string) []audit.Seal {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	seals, err := audit.ReadSeals(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return seals
}

// Whatever single row is changed in whatever way, or removed: with a seal it is
// found, and its chain is named.
func TestAnyChangeIsFound(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	written(t, db)
	s := seal(t, db)
	all := entries(t, db, audit.Filter{Limit: 1000})
	text := []string{"actor", "action", "thing_kind", "thing_id", "request", "facts", "witness_chain", "witness_hash", "hash", "chain"}
	numbers := []string{"seq", "at", "witness_seq"}
	rapid.Check(t, func(r *rapid.T) {
		e := rapid.SampledFrom(all).Draw(r, "entry")
		var statement string
		var value any
		switch rapid.IntRange(0, 2).Draw(r, "how") {
		case 0:
			statement = "DELETE FROM audit_entry WHERE $1 = '' AND chain = $2 AND seq = $3"
			value = ""
		case 1:
			statement = "UPDATE audit_entry SET " + rapid.SampledFrom(text).Draw(r, "column") + " = $1 WHERE chain = $2 AND seq = $3"
			value = rapid.String().Draw(r, "value")
		default:
			statement = "UPDATE audit_entry SET " + rapid.SampledFrom(numbers).Draw(r, "column") + " = $1 WHERE chain = $2 AND seq = $3"
			value = rapid.Int64Range(-5, 50).Draw(r, "value")
		}
		execute(t, db, "CREATE TABLE saved AS SELECT * FROM audit_entry")
		err := db.Update(t.Context(), func(tx store.Tx) error {
			_, err := tx.ExecContext(t.Context(), statement, value, e.Chain, e.Seq)
			return err
		})
		same := err != nil // there is such an entry already
		if !same {
			same = unchanged(t, db)
		}
		got := problems(t, db, s)
		if same != (len(got) == 0) {
			r.Errorf("%s with %q on %s/%d: %q", statement, value, e.Chain, e.Seq, got)
		}
		if !same && !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, e.Chain) }) {
			r.Errorf("%s with %q: the chain %s is not named in %q", statement, value, e.Chain, got)
		}
		execute(t, db, "DELETE FROM audit_entry")
		execute(t, db, "INSERT INTO audit_entry SELECT * FROM saved")
		execute(t, db, "DROP TABLE saved")
	})
}

// unchanged reports whether the journal is what was saved.
func unchanged(t *testing.T, db *store.DB) bool {
	t.Helper()
	var n, m int
	err := db.View(t.Context(), func(tx store.Tx) error {
		err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM (SELECT * FROM saved EXCEPT SELECT * FROM audit_entry) d").Scan(&n)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(t.Context(), "SELECT count(*) FROM audit_entry").Scan(&m)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n == 0 && m == 30
}
