package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// changes returns what a publication changed, in short.
func changes(p *catalog.Publication) []string {
	out := []string{}
	for _, c := range p.Changes {
		line := fmt.Sprintf("%s %s@%d", c.Kind, c.Family, c.Version)
		if c.OldPath != "" {
			line += " from " + c.OldPath
		}
		out = append(out, line)
	}
	return out
}

func wants(t *testing.T, why string, p *catalog.Publication, release catalog.ReleaseNumber, want ...string) {
	t.Helper()
	if want == nil {
		want = []string{}
	}
	if diff := gocmp.Diff(want, changes(p)); diff != "" || p.Release != release {
		t.Errorf("%s: release %d, want %d (-want +got):\n%s", why, p.Release, release, diff)
	}
}

// A family's life: it comes, changes, stays while others change, moves, goes,
// and comes back. The same pages again change nothing.
func TestTheLifeOfAFamily(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := catalogtest.Open(t, db)
		pages := catalogtest.Harbour()
		wants(t, "everything is new", r.Publish(t, pages), 1, "added harbour-master@1", "added pilot@1")
		again := r.Publish(t, pages)
		wants(t, "the same again", again, 1)
		if again.Published || again.Anew {
			t.Errorf("the same pages made a release: %+v", again)
		}
		pages = pages.Edit(t, catalogtest.Pilots, "30 minute", "40 minute")
		wants(t, "one page changed", r.Publish(t, pages), 2, "changed pilot@2")

		moved := pages.Without(catalogtest.Pilots).With("job-families/sea/pilots.md", pages[catalogtest.Pilots])
		wants(t, "it lies elsewhere now", r.Publish(t, moved), 3, "changed pilot@3 from "+catalogtest.Pilots)
		wants(t, "it is gone", r.Publish(t, moved.Without("job-families/sea/pilots.md")), 4, "retired pilot@3")
		wants(t, "it is back", r.Publish(t, moved), 5, "restored pilot@4")

		versions, err := r.Versions(t.Context(), catalogtest.Member, "pilot")
		if err != nil {
			t.Fatal(err)
		}
		var history []string
		for _, v := range versions {
			history = append(history, fmt.Sprintf("%d: releases %d to %d, %s", v.Number, v.Release, v.Gone, v.Path))
		}
		want := []string{
			"4: releases 5 to 0, job-families/sea/pilots.md",
			"3: releases 3 to 4, job-families/sea/pilots.md",
			"2: releases 2 to 3, " + catalogtest.Pilots,
			"1: releases 1 to 2, " + catalogtest.Pilots,
		}
		if diff := gocmp.Diff(want, history); diff != "" {
			t.Errorf("history (-want +got):\n%s", diff)
		}
		d, err := r.Release(t.Context(), catalogtest.Member, 3)
		if err != nil || len(d.Changes) != 1 || d.Changes[0].OldPath != catalogtest.Pilots || d.Families != 2 || d.Changed != 1 || d.By != "ada" || d.Name != "pages.tar" {
			t.Errorf("release 3: %+v, %v", d, err)
		}
	})
}

// Two pages of one name get ids of their own, and keep them.
func TestFamiliesOfOneName(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := catalogtest.Open(t, db)
		page := catalogtest.Harbour()[catalogtest.Master]
		p := catalogtest.Pages{"job-families/north/lead/index.md": page, "job-families/south/lead/index.md": page}
		wants(t, "two of one name", r.Publish(t, p), 1, "added lead@1", "added south-lead@1")
	})
}

// Pages with an error are refused, as data; nothing is written. With a reason
// for each error they pass, and the reason counts from then on, until it runs
// out.
func TestErrorsAreRefusedOrWaived(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		pages := catalogtest.Harbour().Edit(t, catalogtest.Pilots, "Write a report of each passage", "Write a [report]() of each passage")
		request := catalog.Request{Source: pages.Archive()}
		p, err := r.Service.Publish(ctx, catalogtest.Administrator, request)
		if err != nil || !p.Refused() || p.Published || p.Release != 0 || len(p.Blocking) != 1 || p.Blocking[0].Code != "CAD204" {
			t.Fatalf("an empty link: %+v, %v", p, err)
		}
		if _, err := r.Edition(ctx, catalogtest.Member, 0); fault.KindOf(err) != fault.NotFound {
			t.Errorf("something was published: %v", err)
		}
		until := r.Now.AddDate(0, 1, 0)
		waiver := catalog.Waiver{Fingerprint: p.Blocking[0].Fingerprint, Reason: " The report moves next week. ", Until: &until}
		for why, w := range map[string]catalog.Waiver{
			"no reason":     {Fingerprint: waiver.Fingerprint, Reason: "  "},
			"no finding":    {Fingerprint: "0123", Reason: "Because"},
			"an endless":    {Fingerprint: waiver.Fingerprint, Reason: strings.Repeat("because ", 200)},
			"nothing named": {Reason: "Because"},
		} {
			request.Waivers = []catalog.Waiver{w}
			if _, err := r.Service.Publish(ctx, catalogtest.Administrator, request); fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", why, err)
			}
		}
		request.Waivers = []catalog.Waiver{waiver}
		p, err = r.Service.Publish(ctx, catalogtest.Administrator, request)
		if err != nil || !p.Published || p.Release != 1 {
			t.Fatalf("with a reason: %+v, %v", p, err)
		}
		f, err := r.Family(ctx, catalogtest.Member, "pilot", 0)
		if err != nil {
			t.Fatal(err)
		}
		last := f.Findings[len(f.Findings)-1]
		if w := last.Waived; w == nil || w.Reason != "The report moves next week." || w.By != "ada" || !w.Until.Equal(until) || f.Errors != 0 || f.Waived != 1 {
			t.Errorf("the finding as it is kept: %+v %+v", last, last.Waived)
		}
		pages = pages.Edit(t, catalogtest.Pilots, "30 minute", "40 minute")
		if p := r.Publish(t, pages); p.Release != 2 {
			t.Errorf("the reason did not count any more: %+v", p)
		}
		r.Now = until.AddDate(0, 0, 1)
		p, err = r.Service.Publish(ctx, catalogtest.Administrator, catalog.Request{Source: pages.Archive()})
		if err != nil || !p.Refused() {
			t.Errorf("the waiver has run out: %+v, %v", p, err)
		}
	})
}

// A page that is published, and that an error makes unreadable as a family, is
// not retired in silence.
func TestABrokenPageIsNotRetired(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		pages := catalogtest.Harbour()
		r.Publish(t, pages)
		broken := pages.With(catalogtest.Pilots, "---\ntitle: [Pilots\n---\n\nSee [the port]().\n")
		p, err := r.Service.Publish(ctx, catalogtest.Administrator, catalog.Request{Source: broken.Archive()})
		if err != nil || !p.Refused() || p.Published {
			t.Errorf("a broken page: %+v, %v", p, err)
		}
	})
}

// Who may what: everybody who signed in reads, an administrator publishes; a
// token can do what its scopes say, and no more than its owner.
func TestWhoMayPublish(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		request := catalog.Request{Source: catalogtest.Harbour().Archive()}
		token := func(a auth.Actor, scopes ...string) auth.Actor {
			a.Token, a.Scopes = "t1", scopes
			return a
		}
		service := auth.Actor{ID: "ci", Kind: auth.ServiceAccount}
		const may = fault.Kind(-1)
		for why, c := range map[string]struct {
			by            auth.Actor
			read, publish fault.Kind
		}{
			"nobody":                  {catalogtest.Nobody, fault.Unauthenticated, fault.Unauthenticated},
			"a member":                {catalogtest.Member, may, fault.Forbidden},
			"a member's token":        {token(catalogtest.Member, "catalog:write", "catalog:read"), may, fault.Forbidden},
			"an administrator":        {catalogtest.Administrator, may, may},
			"their reading token":     {token(catalogtest.Administrator, "catalog:read"), may, fault.Forbidden},
			"their token for hiring":  {token(catalogtest.Administrator, "hiring:write"), fault.Forbidden, fault.Forbidden},
			"their publishing token":  {token(catalogtest.Administrator, "catalog:write"), fault.Forbidden, may},
			"a service":               {token(service, "catalog:write"), fault.Forbidden, may},
			"the program, for a hook": {auth.TheProgram("job-7"), may, may},
		} {
			is := func(what string, err error, want fault.Kind) {
				if (err == nil) != (want == may) || err != nil && fault.KindOf(err) != want {
					t.Errorf("%s %s: %v, want kind %d", why, what, err, want)
				}
			}
			_, err := r.Families(ctx, c.by, catalog.Query{})
			is("reads", err, c.read)
			_, err = r.Preview(ctx, c.by, request)
			is("previews", err, c.publish)
			_, err = r.Service.Publish(ctx, c.by, request)
			is("publishes", err, c.publish)
		}
	})
}

// The journal has each publishing, each family that it changed and each waiver,
// and no word of a page.
func TestPublishingIsInTheJournal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		r.Publish(t, catalogtest.Harbour())
		r.Publish(t, catalogtest.Harbour().Without(catalogtest.Pilots))
		var got []string
		err := db.View(ctx, func(tx store.Tx) error {
			entries, err := audit.Entries(ctx, tx, audit.Filter{Action: "catalog."})
			for i := len(entries) - 1; i >= 0; i-- {
				e := entries[i]
				got = append(got, fmt.Sprintf("%s %s %s %s", e.Actor, e.Action, e.ID, e.Facts))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{
			`ada catalog.family.publish harbour-master {"release":1,"version":1}`,
			`ada catalog.family.publish pilot {"release":1,"version":1}`,
			`ada catalog.release.publish 1 {"origin":"archive","families":2,"added":2,"changed":0,"retired":0}`,
			`ada catalog.family.retire pilot {"release":2}`,
			`ada catalog.release.publish 2 {"origin":"archive","families":1,"added":0,"changed":0,"retired":1}`,
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("journal (-want +got):\n%s", diff)
		}
	})
}

// Two who publish at once both get through, one after the other, and no
// version is lost.
func TestTwoPublishAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r, ctx := catalogtest.Open(t, db), t.Context()
		r.Publish(t, catalogtest.Harbour())
		const n = 4
		done := make(chan error, n)
		for i := range n {
			source := catalogtest.Harbour().Edit(t, catalogtest.Pilots, "30 minute", fmt.Sprintf("%d minute", 40+i)).Archive()
			go func() {
				_, err := r.Service.Publish(ctx, catalogtest.Administrator, catalog.Request{Source: source})
				done <- err
			}()
		}
		busy := 0
		for range n {
			if err := <-done; fault.KindOf(err) == fault.Busy {
				busy++
			} else if err != nil {
				t.Error(err)
			}
		}
		versions, err := r.Versions(ctx, catalogtest.Member, "pilot")
		if err != nil || len(versions) != 1+n-busy {
			t.Errorf("%d versions after %d edits, %d of them too busy: %v", len(versions), n, busy, err)
		}
	})
}
