package search_test

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestScratchFill(t *testing.T) {
	path := os.Getenv("SCRATCH")
	if path == "" {
		t.Skip()
	}
	db := storetest.Open(t, path)
	if _, err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	n := 100000
	r := rand.New(rand.NewSource(1))
	began := time.Now()
	for i := 0; i < n; i += 500 {
		err := db.Update(context.Background(), func(tx store.Tx) error {
			for j := i; j < i+500; j++ {
				var b strings.Builder
				for range 60 {
					fmt.Fprintf(&b, "w%d ", int(r.ExpFloat64()*300))
				}
				d := search.Document{Room: "t", Kind: "cv", ID: fmt.Sprint(j), Title: fmt.Sprintf("First%d Last%d", r.Intn(2000), r.Intn(20000)), Text: b.String() + " common words", Audiences: []string{"role:recruiter", fmt.Sprintf("team:%d", r.Intn(500))}, At: day}
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
	t.Logf("%d puts in %s", n, time.Since(began))
}

func TestScratchQuery(t *testing.T) {
	path := os.Getenv("SCRATCH")
	if path == "" {
		t.Skip()
	}
	db := storetest.Open(t, path)
	if db.Engine() == store.PostgreSQL {
		_, _ = db.Pool().Exec("ANALYZE")
	}
	for _, q := range []search.Query{
		{Text: "common words", Audiences: []string{"role:recruiter"}},
		{Text: "common wo", Audiences: []string{"role:recruiter"}},
		{Text: "w1 w2", Audiences: []string{"team:7"}},
		{Text: "common words", Audiences: []string{"team:7", "team:8"}},
		{Text: "first7 last7", Audiences: []string{"role:recruiter"}},
		{Text: "first7", Audiences: []string{"role:recruiter"}},
		{Text: "firts77 last77", Audiences: []string{"role:recruiter"}},
		{Text: "fi", Audiences: []string{"role:recruiter"}},
		{Text: "w1 w2 w3 w4 w900", Audiences: []string{"role:recruiter"}},
		{Text: "nothing", Audiences: []string{"role:recruiter"}},
	} {
		var times []time.Duration
		var total int
		for range 15 {
			b := time.Now()
			res := find(t, db, q)
			times = append(times, time.Since(b))
			total = res.Total
		}
		slices.Sort(times)
		t.Logf("%-20s %v: median %s max %s, total %d", q.Text, q.Audiences, times[7], times[14], total)
	}
}
