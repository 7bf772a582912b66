package auth

import (
	"fmt"
	"testing"

	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A page of fifty accounts with two roles each, as an administrator sees it.
func BenchmarkPeople(b *testing.B) {
	o := openOffice(b, storetest.Open(b, storetest.SQLite(b)))
	ada := o.ada(b)
	for n := range 60 {
		if _, err := o.AddPerson(b.Context(), TheProgram("test"), fmt.Sprintf("Person %02d", n), fmt.Sprintf("p%d@meridian.example", n), "", Recruiter, Coordinator); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if found, err := o.People(b.Context(), ada, PeopleQuery{}); err != nil || len(found) != 51 {
			b.Fatalf("%d found, %v", len(found), err)
		}
	}
}
