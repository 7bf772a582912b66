package search_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

var day = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func put(t testing.TB, db *store.DB, docs ...search.Document) {
	t.Helper()
	err := db.Update(context.Background(), func(tx store.Tx) error {
		for _, d := range docs {
			if err := search.Put(context.Background(), tx, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func remove(t testing.TB, db *store.DB, room, kind, id string) {
	t.Helper()
	err := db.Update(context.Background(), func(tx store.Tx) error { return search.Remove(context.Background(), tx, room, kind, id) })
	if err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, db *store.DB, q search.Query) (r search.Result) {
	t.Helper()
	err := db.View(context.Background(), func(tx store.Tx) (err error) {
		r, err = search.Find(context.Background(), tx, q)
		return err
	})
	if err != nil {
		t.Fatalf("find %q: %v", q.Text, err)
	}
	return r
}

// ids returns what was found, in order.
func ids(r search.Result) string {
	var list []string
	for _, h := range r.Hits {
		list = append(list, h.ID)
	}
	return strings.Join(list, " ")
}

func everyone(text string) search.Query {
	return search.Query{Text: text, Audiences: []string{search.Everyone}}
}

// meridian is a small organisation of documents.
func meridian() []search.Document {
	doc := func(kind, id, title string, names []string, text string, audiences ...string) search.Document {
		return search.Document{
			Room: "test", Kind: kind, ID: id, Title: title, Names: names, Text: text,
			Address: "/" + kind + "/" + id, Audiences: audiences, At: day,
		}
	}
	return []search.Document{
		doc("family", "crane", "Crane Engineer", []string{"Gantry Engineer"}, "Keeps the cranes of a terminal safe.", search.Everyone),
		doc("family", "berth", "Berth Planner", nil, "Plans with the crane engineer which ship lies where.", search.Everyone),
		doc("person", "zoe", "Zoë Łukasiewicz", []string{"Zoe Crane"}, "Planner in Gdańsk", search.Everyone),
		doc("person", "strauss", "Günther Strauß", nil, "", search.Everyone),
		doc("offer", "o1", "Offer to Zoë Łukasiewicz", nil, "A crane of money", "role:recruiter", "team:r1"),
		doc("family", "rigger", "Senior Rigger", nil, "港湾 crane work", search.Everyone),
	}
}

func TestFind(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		put(t, db, meridian()...)
		for _, c := range []struct{ why, text, want string }{
			{"a title comes before a name, a name before text", "crane", "crane zoe rigger berth"},
			{"all words must be there", "crane planner", "berth zoe"},
			{"the last word may be a beginning", "crane eng", "crane berth"},
			{"but the others may not", "cra engineer", ""},
			{"accents do not count", "zoe lukasiewicz", "zoe"},
			{"nor do they when typed", "GÜNTHER STRAUSS", "strauss"},
			{"other names are names", "gantry", "crane"},
			{"a slip in a name", "lukasiewcz", "zoe"},
			{"two letters exchanged", "garntry", "crane"},
			{"a slip beside a right word", "berth plannner", "berth"},
			{"short words are meant as they are", "zoo", ""},
			{"letters that are words", "港湾", "rigger"},
			{"what nobody wrote", "submarine", ""},
			{"no word at all", " -- \"'%* ", ""},
		} {
			got := ids(find(t, db, everyone(c.text)))
			if c.want == "crane zoe rigger berth" {
				got = firstTwo(got, c.want)
			}
			if got != c.want {
				t.Errorf("%s: %q finds %q, want %q", c.why, c.text, got, c.want)
			}
		}
	})
}

// firstTwo returns want if got has the same first two and the same others.
func firstTwo(got, want string) string {
	g, w := strings.Fields(got), strings.Fields(want)
	if len(g) == len(w) && slices.Equal(g[:2], w[:2]) {
		slices.Sort(g)
		slices.Sort(w)
		if slices.Equal(g, w) {
			return want
		}
	}
	return got
}

// What somebody may not find is not in the hits, and not in the counts.
func TestAudiences(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		put(t, db, meridian()...)
		for audiences, want := range map[string]int{
			"": 0, "everyone": 1, "everyone role:recruiter": 2, "team:r1": 1, "team:r": 0, "role:recruiter\nteam:r1": 0, "person:zoe": 0,
		} {
			var keys []string
			if strings.Contains(audiences, "\n") {
				keys = []string{audiences}
			} else {
				keys = strings.Fields(audiences)
			}
			r := find(t, db, search.Query{Text: "Łukasiewicz", Audiences: keys})
			if len(r.Hits) != want || r.Total != want || r.Kinds["offer"] > 0 != (strings.Contains(audiences, "r1") && want > 0 || want == 2) {
				t.Errorf("for %q %d hits, total %d, kinds %v, want %d", audiences, len(r.Hits), r.Total, r.Kinds, want)
			}
		}
		many := []string{search.Everyone}
		for i := range 900 {
			many = append(many, fmt.Sprintf("team:%d", i))
		}
		if r := find(t, db, search.Query{Text: "crane", Audiences: many}); r.Total != 4 {
			t.Errorf("with many audiences %d are found", r.Total)
		}
		if r := find(t, db, search.Query{Text: "crane", Audiences: many, Kinds: []string{"person", "offer"}}); ids(r) != "zoe" || r.Kinds["person"] != 1 {
			t.Errorf("of two kinds %q are found", ids(r))
		}
	})
}

// A document that changes is found by what it is now.
func TestDocumentChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := meridian()[0]
		put(t, db, d)
		d.Title, d.Names, d.Text, d.Audiences = "Quay Engineer", nil, "Quays.", []string{"role:recruiter"}
		put(t, db, d, d)
		asker := search.Query{Audiences: []string{"role:recruiter"}}
		for text, want := range map[string]string{"crane": "", "gantry": "", "gantri": "", "quay engineer": "crane", "quays": "crane"} {
			asker.Text = text
			if got := ids(find(t, db, asker)); got != want {
				t.Errorf("%q finds %q, want %q", text, got, want)
			}
		}
		if got := ids(find(t, db, everyone("quay"))); got != "" {
			t.Errorf("a former audience finds %q", got)
		}
		err := db.Update(t.Context(), func(tx store.Tx) error {
			d.Title = "Half done"
			if err := search.Put(t.Context(), tx, d); err != nil {
				return err
			}
			return fault.New(fault.Conflict, "something else")
		})
		asker.Text = "half"
		if got := ids(find(t, db, asker)); fault.KindOf(err) != fault.Conflict || got != "" {
			t.Errorf("a transaction that was undone left %q; %v", got, err)
		}
		remove(t, db, d.Room, d.Kind, d.ID)
		remove(t, db, d.Room, d.Kind, d.ID)
		asker.Text = "quay"
		if got := ids(find(t, db, asker)); got != "" {
			t.Errorf("what was removed is found: %q", got)
		}
	})
}

func TestSnippet(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := meridian()[0]
		d.Text = strings.Repeat("Nothing to see here. ", 40) + "Then the Straße bends to the quay, where <b>cranes</b> stand. " + strings.Repeat("And so on. ", 40)
		put(t, db, d)
		show := func(parts []search.Part) string {
			var b strings.Builder
			for _, p := range parts {
				if p.Marked {
					p.Text = "[" + p.Text + "]"
				}
				b.WriteString(p.Text)
			}
			return b.String()
		}
		h := find(t, db, everyone("strasse crane")).Hits[0]
		snippet := show(h.Snippet)
		if !strings.HasPrefix(snippet, "… ") || !strings.HasSuffix(snippet, " …") || len(snippet) > 300 ||
			!strings.Contains(snippet, "the [Straße] bends") || !strings.Contains(snippet, "<b>[cranes]</b>") {
			t.Errorf("snippet %q", snippet)
		}
		if got := show(h.Title); got != "[Crane] Engineer" || search.Plain(h.Title) != d.Title || h.Address != d.Address || h.Kind != "family" {
			t.Errorf("title %q of %+v", got, h)
		}
		if h := find(t, db, everyone("engineer")).Hits[0]; !strings.HasPrefix(show(h.Snippet), "Nothing to see here.") {
			t.Errorf("snippet without a match: %q", show(h.Snippet))
		}
	})
}

// Pages go on where the one before ended.
func TestPages(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var want []string
		for i := range 45 {
			id := fmt.Sprintf("%02d", i)
			put(t, db, search.Document{Room: "test", Kind: "note", ID: id, Title: "Note " + id, Audiences: []string{search.Everyone}, At: day.Add(-time.Duration(i) * time.Hour)})
			want = append(want, id)
		}
		q := everyone("note")
		var got []string
		for {
			r := find(t, db, q)
			if r.Total != 45 || r.Capped {
				t.Fatalf("total %d", r.Total)
			}
			got = append(got, strings.Fields(ids(r))...)
			if q.After = r.Next; r.Next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages give %v", got)
		}
		err := db.View(t.Context(), func(tx store.Tx) error {
			_, err := search.Find(t.Context(), tx, search.Query{Text: "note", Audiences: []string{search.Everyone}, After: "first"})
			return err
		})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("a page that is none: %v", err)
		}
	})
}

// Where there is more than a search looks at, the best kinds of match are in.
func TestCap(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var docs []search.Document
		for i := range 700 {
			d := search.Document{Room: "test", Kind: "cv", ID: fmt.Sprint(i), Title: fmt.Sprintf("Person %d", i), Text: "crane engineer at the quay", Audiences: []string{search.Everyone}, At: day}
			if i%10 == 0 {
				d.Audiences = []string{"role:recruiter"}
			}
			docs = append(docs, d)
		}
		docs = append(docs, meridian()[0])
		put(t, db, docs...)
		r := find(t, db, everyone("crane engineer"))
		if !r.Capped || r.Total < 500 || r.Total > 630 || r.Hits[0].ID != "crane" {
			t.Errorf("total %d, capped %v, first %q", r.Total, r.Capped, r.Hits[0].ID)
		}
		if r := find(t, db, search.Query{Text: "crane engineer", Audiences: []string{"role:recruiter"}}); r.Total != 70 || r.Capped {
			t.Errorf("a smaller audience finds %d, capped %v", r.Total, r.Capped)
		}
	})
}

// What is removed leaves no bytes in the file, and nothing in any table.
func TestErasure(t *testing.T) {
	path := storetest.SQLite(t)
	db := storetest.Open(t, path)
	secret := search.Document{
		Room: "test", Kind: "person", ID: "p1", Title: "Wilhelmina Quintessential", Names: []string{"Mina Kaleidoscope"},
		Text: "She once told of zymurgy and xylophones. ", Address: "/people/p1", Audiences: []string{search.Everyone}, At: day,
	}
	put(t, db, meridian()...)
	put(t, db, secret)
	for i := range 50 { // so that segments of the index are merged meanwhile
		put(t, db, search.Document{Room: "test", Kind: "note", ID: fmt.Sprint(i), Title: fmt.Sprintf("Note %d of xerography", i), Audiences: []string{search.Everyone}, At: day})
	}
	words := []string{"wilhelmina", "quintessential", "kaleidoscope", "zymurgy", "xylophone", "uintesse"}
	content := func() []byte {
		if _, err := db.Pool().Exec("PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
		all, err := filepath.Glob(path + "*")
		if err != nil {
			t.Fatal(err)
		}
		var b []byte
		for _, name := range all {
			part, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			b = append(b, part...)
		}
		return bytes.ToLower(b)
	}
	before := content()
	for _, w := range words {
		if !bytes.Contains(before, []byte(w)) {
			t.Fatalf("%q is not in the file before; the test proves nothing", w)
		}
	}
	remove(t, db, secret.Room, secret.Kind, secret.ID)
	after := content()
	for _, w := range words {
		if bytes.Contains(after, []byte(w)) {
			t.Errorf("%q is still in the file", w)
		}
	}
	if got := ids(find(t, db, everyone("xerography"))); len(strings.Fields(got)) != 20 {
		t.Errorf("the index is damaged: %q", got)
	}
	var ok string
	if err := db.Pool().QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		t.Errorf("integrity: %s %v", ok, err)
	}
	if _, err := db.Pool().Exec("INSERT INTO search_index (search_index) VALUES ('integrity-check')"); err != nil {
		t.Errorf("integrity of the index: %v", err)
	}
}
