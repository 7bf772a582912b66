package search_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/search"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestScratchPG(t *testing.T) {
	if os.Getenv("SCRATCH") == "" {
		t.Skip()
	}
	db := storetest.Open(t, storetest.PostgreSQL(t))
	tok := func(key string) string { return string(search.AudienceToken(key)) }
	for _, s := range []string{
		`INSERT INTO search_document SELECT g, 't','cv',g::text,'First'||(g%2000)||' Last'||(g%20000),'','body','/x','role:recruiter',1 FROM generate_series(1,100000) g`,
		`INSERT INTO search_index SELECT g, array_to_tsvector(ARRAY(SELECT DISTINCT (CASE WHEN g%64=0 THEN '0' WHEN g%64<8 THEN '1' ELSE '2' END)||x FROM unnest(
			ARRAY['` + tok("role:recruiter") + `','wcommon','wwords','hfirst'||(g%2000),'hlast'||(g%20000),'wfirst'||(g%2000),'wlast'||(g%20000)]
			|| ARRAY(SELECT 'w'||'w'||floor(-ln(random()+1e-9)*300 + 0*g)::int FROM generate_series(1,60))) x)) FROM generate_series(1,100000) g`,
		`INSERT INTO search_term SELECT DISTINCT 'w'||n FROM generate_series(1,3000) n`,
		`INSERT INTO search_term VALUES ('common'),('words')`,
		`INSERT INTO search_term SELECT 'last'||n FROM generate_series(0,19999) n`,
		`INSERT INTO search_term SELECT 'first'||n FROM generate_series(0,1999) n`,
		`ANALYZE`,
	} {
		b := time.Now()
		if _, err := db.Pool().Exec(s); err != nil {
			t.Fatal(err)
		}
		t.Log(time.Since(b))
	}
	for _, text := range []string{"common words", "common wo", "w1 w2", "w1500 common", "first7 last7", "first7", "fi", "nothing", "w1 w2 w3 w900"} {
		var times []time.Duration
		var r search.Result
		for range 15 {
			b := time.Now()
			r = find(t, db, search.Query{Text: text, Audiences: []string{"role:recruiter"}})
			times = append(times, time.Since(b))
		}
		slices.Sort(times)
		t.Logf("%-20s median %s max %s total %d", text, times[7], times[14], r.Total)
	}
}
