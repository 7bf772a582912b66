package orgweb_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/org/orgweb"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// large fills a place with so many positions, seven below each leader; one in
// forty is vacant.
func (p *place) large(t testing.TB, n int) {
	t.Helper()
	p.Publish(t)
	pins := []catalog.Pin{
		p.Level(t, "product-management-leadership", "director-of-product"), p.Level(t, "product-management-leadership", "group-manager-product"), p.Level(t, "backend-engineer", "backend-engineer"),
	}
	var c org.Change
	for i := range n {
		id, who := org.PositionID(fmt.Sprintf("s%05d", i)), org.PersonID(fmt.Sprintf("p%05d", i))
		manager, pin, title := org.PositionID(""), pins[2], fmt.Sprintf("Engineer %d", i)
		if i > 0 {
			manager = org.PositionID(fmt.Sprintf("s%05d", (i-1)/7))
		}
		if i < n/49 {
			pin, title = pins[0], fmt.Sprintf("Director %d", i)
		} else if i < n/7 {
			pin, title = pins[1], fmt.Sprintf("Manager %d", i)
		}
		s := orgtest.Opening(id, title, manager, pin)
		s.Department = chart.To(fmt.Sprintf("Department %d", i%20))
		c.Steps = append(c.Steps, s)
		if i%40 != 39 {
			c.People = append(c.People, org.Details{ID: who, Name: fmt.Sprintf("Person %d", i)})
			c.Steps = append(c.Steps, chart.Step{Kind: chart.Join, Person: who, Day: orgtest.Begin}, orgtest.Filling(id, who))
		}
	}
	if _, err := p.Service.Do(t.Context(), orgtest.Partner, c); err != nil {
		t.Fatal(err)
	}
}

// What the pages take for fifty thousand people. First is a page after a change,
// when the chart is made anew; the others are those after it.
func BenchmarkReports(b *testing.B) {
	p := &place{Room: orgtest.Open(b, storetest.Open(b, storetest.SQLite(b))), site: webtest.New(b)}
	orgweb.Register(p.site.Site, p.Service, p.Catalog.Service, orgweb.Options{})
	p.large(b, 50_000)
	reader := p.site.As(auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide", Roles: orgtest.Member.Roles})
	get := func(b *testing.B, address string) {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, address, http.NoBody)
		r.Header = reader.Header.Clone()
		w := httptest.NewRecorder()
		p.site.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("%s answers %d: %s", address, w.Code, w.Body)
		}
		b.ReportMetric(float64(w.Body.Len()), "bytes")
	}
	get(b, "/org/picture")
	b.Run("first picture", func(b *testing.B) {
		for i := range b.N {
			b.StopTimer()
			p.Do(b, chart.Step{Kind: chart.Change, Position: "s49999", Day: orgtest.Today, Title: chart.To(fmt.Sprintf("Engineer, %d", i))})
			b.StartTimer()
			get(b, "/org/picture")
		}
	})
	move := "steps=" + `%5B%7B%22kind%22%3A%22change%22%2C%22day%22%3A%222026-11-20%22%2C%22position%22%3A%22s00050%22%2C%22manager%22%3A%22s00002%22%7D%5D`
	for _, address := range []string{
		"/org/picture", "/org/picture?at=s00003", "/org/picture?q=manager+300", "/org/spans", "/org/spans?sort=-direct&state=note", "/org/spans.csv", "/org/claims", "/org/coverage",
		"/org/groups", "/org/changes", "/org/what-if?" + move,
	} {
		b.Run(address, func(b *testing.B) {
			for b.Loop() {
				get(b, address)
			}
		})
	}
}
