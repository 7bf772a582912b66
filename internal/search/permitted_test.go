package search_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Find returns exactly what somebody would who read all documents and knew the
// rules, whatever was put, changed and removed before.
func TestFindIsWhatIsPermitted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		words := []string{"crane", "Cranes", "cran", "engineer", "enginer", "Zoë", "zoe", "strauß", "strauss", "quay", "x", "42"}
		keys := []string{search.Everyone, "role:recruiter", "person:1", "person:10", "team:a b"}
		text := rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 4).Draw(t, "words"), " ")
		})
		some := rapid.SliceOfNDistinct(rapid.SampledFrom(keys), 0, 3, rapid.ID)
		rapid.Check(t, func(t *rapid.T) {
			kept := map[string]search.Document{}
			defer func() {
				for _, d := range kept {
					removeIn(t, db, d)
				}
			}()
			for range rapid.IntRange(0, 14).Draw(t, "changes") {
				id := fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "id"))
				if d, there := kept[id]; there && rapid.IntRange(0, 3).Draw(t, "remove") == 0 {
					removeIn(t, db, d)
					delete(kept, id)
					continue
				}
				d := search.Document{
					Room: "test", Kind: rapid.SampledFrom([]string{"family", "person"}).Draw(t, "kind"), ID: id,
					Title: text.Draw(t, "title"), Names: []string{text.Draw(t, "name"), text.Draw(t, "other name")}, Text: text.Draw(t, "text"),
					Audiences: some.Draw(t, "audiences"), At: day,
				}
				if old, there := kept[id]; there {
					d.Kind = old.Kind
				}
				kept[id] = d
				if err := db.Update(context.Background(), func(tx store.Tx) error { return search.Put(context.Background(), tx, d) }); err != nil {
					t.Fatal(err)
				}
			}
			q := search.Query{Text: text.Draw(t, "query"), Audiences: some.Draw(t, "asker"), Limit: 100}
			if rapid.Bool().Draw(t, "one kind") {
				q.Kinds = []string{"person"}
			}
			var r search.Result
			err := db.View(context.Background(), func(tx store.Tx) (err error) {
				r, err = search.Find(context.Background(), tx, q)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Fields(ids(r))
			slices.Sort(got)
			if want := naive(kept, q); !slices.Equal(got, want) || r.Total != len(want) {
				t.Fatalf("%+v finds %v (total %d), want %v of %+v", q, got, r.Total, want, kept)
			}
		})
	})
}

func removeIn(t *rapid.T, db *store.DB, d search.Document) {
	err := db.Update(context.Background(), func(tx store.Tx) error { return search.Remove(context.Background(), tx, d.Room, d.Kind, d.ID) })
	if err != nil {
		t.Fatal(err)
	}
}

// naive reads all documents.
func naive(docs map[string]search.Document, q search.Query) []string {
	typed := search.WordsOf(q.Text)
	known := map[string]bool{}
	for _, d := range docs {
		for _, w := range search.WordsOf(d.Title + " " + strings.Join(d.Names, " ")) {
			known[w] = true
		}
	}
	with := func(nearToo bool) (list []string) {
		for id, d := range docs {
			permitted := slices.ContainsFunc(d.Audiences, func(a string) bool { return slices.Contains(q.Audiences, a) })
			if len(typed) == 0 || !permitted || len(q.Kinds) > 0 && !slices.Contains(q.Kinds, d.Kind) {
				continue
			}
			heads := search.WordsOf(d.Title + " " + strings.Join(d.Names, " "))
			all := append(slices.Clone(heads), search.WordsOf(d.Text)...)
			matches := true
			for i, w := range typed {
				begins := i == len(typed)-1 && len([]rune(w)) > 1
				one := slices.ContainsFunc(all, func(o string) bool { return o == w || begins && strings.HasPrefix(o, w) }) ||
					nearToo && slices.ContainsFunc(heads, func(o string) bool { return search.IsNear(w, o) })
				matches = matches && one
			}
			if matches {
				list = append(list, id)
			}
		}
		slices.Sort(list)
		return list
	}
	if exact := with(false); len(exact) >= search.FewHits {
		return exact
	}
	return with(true)
}

// isKey reports whether a text could be an audience.
func isKey(text string) bool {
	return text != "" && len(text) < 300 && utf8.ValidString(text) && !strings.ContainsAny(text, "\n\x00")
}

// No text means anything to the databases but its words.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		`crane`, `"crane`, `crane" OR "a`, `NEAR(crane, 2)`, `words : crane`, `crane*`, `*`, `^crane`, `crane AND`, `{a b} : c`, `-crane`, `NOT crane`,
		`'crane`, `crane:*A`, `crane & !quay`, `crane <-> quay`, `\`, `'\'`, `%_`, "crane\x00quay", "\xff\xfe", "a\u0301", "İstanbul", "ﬁnance", "𝕏", `'; DROP TABLE search_document; --`,
	} {
		f.Add(s)
	}
	path := storetest.SQLite(f)
	databases := []*store.DB{storetest.Open(f, path)}
	if os.Getenv(storetest.Variable) != "" {
		databases = append(databases, storetest.Open(f, storetest.PostgreSQL(f)))
	}
	for _, db := range databases {
		put(f, db, meridian()...)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, db := range databases {
			d := search.Document{Room: "test", Kind: "fuzz", ID: "1", Title: text, Text: text, Names: []string{text}, Audiences: []string{text}, At: day}
			put(t, db, d)
			r := find(t, db, search.Query{Text: text, Audiences: []string{text}, Kinds: []string{"fuzz"}})
			if want := min(1, len(search.WordsOf(text))); isKey(text) && r.Total != want {
				t.Errorf("%q finds itself %d times, want %d", text, r.Total, want)
			}
			if r := find(t, db, search.Query{Text: text, Audiences: []string{"role:recruiter"}}); r.Kinds["fuzz"] > 0 && text != "role:recruiter" {
				t.Errorf("%q is found by somebody else", text)
			}
		}
	})
}
