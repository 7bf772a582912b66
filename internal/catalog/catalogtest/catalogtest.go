// Package catalogtest builds catalogs for tests: a service over a database,
// people who use it, a clock that stands still, and pages of Meridian.
//
// Pages are written as maps from path to text; Archive makes of them what
// somebody uploads, so that tests write no files.
package catalogtest

import (
	"archive/tar"
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/store"
)

// The people of the tests.
var (
	Administrator = auth.Actor{ID: "ada", Kind: auth.Person, Name: "Ada Quay", Roles: []auth.Role{auth.Administrator}}
	Member        = auth.Actor{ID: "ben", Kind: auth.Person, Name: "Ben Tide"}
	Nobody        = auth.Actor{}
)

// A Room is a catalog in a test.
type Room struct {
	*catalog.Service
	DB        *store.DB
	Authority *auth.Authority
	Journal   *audit.Journal
	Now       time.Time // what its clock says; a test moves it
}

// Open returns a catalog over a migrated database. Rooms are further ones whose
// policies count, for tests of those.
func Open(t testing.TB, db *store.DB, rooms ...auth.Room) *Room {
	t.Helper()
	a, err := auth.NewAuthority(append(rooms, catalog.Room())...)
	if err != nil {
		t.Fatal(err)
	}
	r := &Room{DB: db, Authority: a, Now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return r.Now }
	r.Journal = audit.New(db, clock)
	r.Service = catalog.New(db, a, r.Journal, clock)
	return r
}

// Pages are texts by their paths.
type Pages map[string]string

// With returns the pages with one changed, or added.
func (p Pages) With(at, text string) Pages {
	q := maps.Clone(p)
	q[at] = text
	return q
}

// Without returns the pages without one.
func (p Pages) Without(at string) Pages {
	q := maps.Clone(p)
	delete(q, at)
	return q
}

// Edit returns the pages with old, which stands once in a page, replaced by new.
func (p Pages) Edit(t testing.TB, at, old, new string) Pages {
	t.Helper()
	if strings.Count(p[at], old) != 1 {
		t.Fatalf("%s has %q %d times, not once", at, old, strings.Count(p[at], old))
	}
	return p.With(at, strings.Replace(p[at], old, new, 1))
}

// Archive returns the pages as somebody uploads them.
func (p Pages) Archive() catalog.Source {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(p)) {
		// A buffer takes everything, and a tar everything of the size that was said.
		_ = w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(p[name])), Typeflag: tar.TypeReg})
		_, _ = w.Write([]byte(p[name]))
	}
	_ = w.Close()
	return catalog.Source{Archive: b.Bytes(), Name: "pages.tar"}
}

// Publish publishes pages as the administrator, an hour after what was last,
// and fails the test if that is refused.
func (r *Room) Publish(t testing.TB, p Pages) *catalog.Publication {
	t.Helper()
	r.Now = r.Now.Add(time.Hour)
	out, err := r.Service.Publish(t.Context(), Administrator, catalog.Request{Source: p.Archive()})
	if err != nil {
		t.Fatal(err)
	}
	if out.Refused() {
		t.Fatalf("refused: %+v", out.Blocking)
	}
	return out
}

// Meridian returns the handbook of the example with its configuration.
func Meridian(t testing.TB) Pages {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	root := filepath.Join(filepath.Dir(here), "..", "..", "..", "examples", "meridian")
	p := Pages{}
	err := filepath.WalkDir(root, func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(at)
		rel, _ := filepath.Rel(root, at)
		if name := filepath.ToSlash(rel); path.Dir(name) != "." || name != "README.md" {
			p[name] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Harbour returns two small families: pilots, of two levels, and the harbour
// master, to whom the ladder of the pilots leads.
func Harbour() Pages {
	return Pages{Pilots: pilots, Master: master}
}

// The paths of the pages of Harbour.
const (
	Pilots = "job-families/marine/pilot.md"
	Master = "job-families/marine/harbour-master.md"
)

const pilots = `---
title: Pilots
description: Pilots guide ships to their berths.
---

Pilots guide ships to their berths, in all weathers.

## Responsibilities

* Keep the harbour safe

## Requirements

* Knows the tides of the estuary

## Levels

### Pilot

A Pilot reports to the Harbour Master.

#### Pilot Job Grade

The Pilot is a grade 6.

#### Pilot Responsibilities

* Guide ships of every size to their berths
* Write a report of each passage

#### Pilot Requirements

* Holds a licence for the estuary

#### Pilot Career Ladder

The next step is to become a Senior Pilot.

### Senior Pilot

A Senior Pilot reports to the Harbour Master.

#### Senior Pilot Job Grade

The Senior Pilot is a grade 7.

#### Senior Pilot Responsibilities

* Extends the Pilot responsibilities
* Teach pilots on the bridge simulator

#### Senior Pilot Requirements

* Extends the Pilot requirements

#### Senior Pilot Career Ladder

The next step is to become the Harbour Master.

## Performance Indicators

* Passages without an incident

## Hiring Process

* Selected candidates have a 30 minute screening call with a Recruiter
* Next, a 45 minute interview with the Harbour Master
* Next, a 60 minute panel interview with two Senior Pilots
`

const master = `---
title: Harbour Master
description: The harbour master answers for the port.
---

The harbour master answers for everything that moves in the port.

## Harbour Master

The Harbour Master reports to the Port Director and manages 4 to 6 Pilots.

### Harbour Master Job Grade

The Harbour Master is a grade 9.

### Harbour Master Responsibilities

* Run the harbour by day and by night

### Harbour Master Requirements

* Has led a crew

### Harbour Master Performance Indicators

* Ships that berth on time

### Harbour Master Career Ladder

The next step is to become the Port Director.

### Hiring Process

* Selected candidates have a 30 minute screening call with a Recruiter
* Next, a 60 minute interview with the Port Director
`
