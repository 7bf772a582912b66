package org_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/org/roster"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// crowd returns a file of people in a tree, seven below each other.
func crowd(n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		manager := ""
		if i > 0 {
			manager = fmt.Sprint("M", (i-1)/7)
		}
		b.WriteString(line(
			"employee_id", fmt.Sprint("M", i), "name", fmt.Sprintf("Per%d Son%d", i%997, i%5003), "email", fmt.Sprintf("per%d.son%d.%d@meridian.example", i%997, i%5003, i),
			"start_date", fmt.Sprintf("20%02d-%02d-01", 10+i%16, 1+i%12), "country", "Norway", "locality", "Bergen", "time_zone", "Europe/Oslo",
			"location_factor", "0.83", "managed_before", "no", "position_id", fmt.Sprint("P", i), "level", "backend-engineer#backend-engineer",
			"department", fmt.Sprint("Quay ", i%40), "holding", "regular", "manager", manager,
		))
	}
	return b.String()
}

// An organisation of 50,000 people is imported while somebody waits.
func BenchmarkImport(b *testing.B) {
	for _, n := range []int{5_000, 50_000} {
		text := crowd(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				r := orgtest.Open(b, storetest.Open(b, storetest.SQLite(b)))
				r.Publish(b)
				b.StartTimer()
				if p, _ := imported(b, r, text, org.ImportOptions{}); p.Counts.New != n {
					b.Fatalf("%+v", p.Counts)
				}
			}
		})
		b.Run(fmt.Sprint(n, " again"), func(b *testing.B) {
			r := orgtest.Open(b, storetest.Open(b, storetest.SQLite(b)))
			r.Publish(b)
			imported(b, r, text, org.ImportOptions{})
			for b.Loop() {
				f, err := roster.ReadCSV([]byte(text), nil)
				if err != nil {
					b.Fatal(err)
				}
				p, err := r.PlanImport(b.Context(), orgtest.Partner, f, org.ImportOptions{All: true})
				if err != nil || !p.IsEmpty() {
					b.Fatalf("%v, %+v", err, p.Counts)
				}
			}
		})
	}
}
