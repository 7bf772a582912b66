package catalog

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/draft"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Source says which pages are published; see package draft.
type Source = draft.Source

// A Request asks to publish.
type Request struct {
	Source Source
	// Waivers accept findings of these pages, from now on.
	Waivers []Waiver
	// InForce is since when what the pages say holds, if that is not now: the
	// day on which an old revision was in force that is published for the
	// history. It lies neither in the future nor before that of the latest
	// release.
	InForce time.Time
}

// A Waiver accepts a finding. It counts in later releases, too, until it runs
// out or is revoked.
type Waiver struct {
	Fingerprint string
	Reason      string
	Until       *time.Time // the last moment at which it counts; nil is for ever
}

// A Publication is what publishing has done, or would do.
type Publication struct {
	// Release is the one that has these pages: the new one, or the latest if
	// they say nothing new. It is 0 if they were refused or only previewed.
	Release ReleaseNumber
	// Published is set if a release was made.
	Published bool
	// Changes are the families that came, changed or went, by path. They are
	// empty if everything is as it was.
	Changes []FamilyChange
	// Anew is set if a release differs in something: in a family, or in what
	// depends on several pages.
	Anew     bool
	Families int // that the pages hold
	// Findings are those of the families, the heaviest first, waived ones last.
	Findings []Finding
	// Blocking are the errors for which the pages are refused.
	Blocking []Finding
	// Notes are remarks on the configuration.
	Notes []string
	// Pages are the pages of the families, by path, for excerpts.
	Pages map[string]*source.File

	Kind   draft.Kind
	Name   string
	Commit string
}

// Refused reports whether the pages cannot be published as they are.
func (p *Publication) Refused() bool { return len(p.Blocking) > 0 }

// A ChangeKind says what happened to a family.
type ChangeKind string

// The kinds of change.
const (
	Added    ChangeKind = "added"
	Changed  ChangeKind = "changed"
	Restored ChangeKind = "restored" // it had been retired
	Retired  ChangeKind = "retired"
)

// A FamilyChange is what a release changes about one family.
type FamilyChange struct {
	Kind    ChangeKind
	Family  FamilyID
	Title   string
	Path    string
	OldPath string // where the page was, if it moved
	Version int    // the new one; of a retired family the last one
	Changes []delta.Change
}

// errOvertaken says that somebody else published meanwhile.
var errOvertaken = errors.New("another release was published meanwhile")

// attempts is how often publishing begins anew when it was overtaken.
const attempts = 5

// Publish makes a release of the pages of a source, or says why not: a refusal
// for findings is data, not an error. The same pages again change nothing.
//
// An administrator may call it. It fails with Invalid for pages, configuration,
// waivers or a date that cannot be used, and with NotFound for a source without
// job families.
func (s *Service) Publish(ctx context.Context, by auth.Actor, r Request) (*Publication, error) {
	d, err := s.prepare(ctx, by, &r)
	if err != nil {
		return nil, err
	}
	for range attempts {
		p, err := s.plan(ctx, d, &r, by)
		if err != nil {
			return nil, err
		}
		if p.Refused() || !p.Anew {
			return &p.Publication, nil
		}
		err = s.db.Update(ctx, func(tx store.Tx) error { return s.save(ctx, tx, by, p) })
		if err == nil {
			p.Published, p.Release = true, p.release.Number
			return &p.Publication, nil
		}
		if !errors.Is(err, errOvertaken) {
			return nil, err
		}
	}
	return nil, fault.New(fault.Busy, "%w: try again", errOvertaken)
}

// Preview says what Publish would do, and does nothing. Whoever may publish may
// preview.
func (s *Service) Preview(ctx context.Context, by auth.Actor, r Request) (*Publication, error) {
	d, err := s.prepare(ctx, by, &r)
	if err != nil {
		return nil, err
	}
	p, err := s.plan(ctx, d, &r, by)
	if err != nil {
		return nil, err
	}
	p.Release = 0
	return &p.Publication, nil
}

// prepare checks a request and reads its pages.
func (s *Service) prepare(ctx context.Context, by auth.Actor, r *Request) (*draft.Draft, error) {
	if err := s.mayPublish(by); err != nil {
		return nil, err
	}
	now := s.clock()
	if r.InForce.After(now) {
		return nil, fault.New(fault.Invalid, "a release cannot be in force from a day in the future")
	}
	if len(r.Waivers) > 0 {
		if err := s.auth.Can(by, WaiveFinding, ReleaseNumber(0)); err != nil {
			return nil, err
		}
	}
	r.Waivers = slices.Clone(r.Waivers)
	for i := range r.Waivers {
		if err := r.Waivers[i].check(now); err != nil {
			return nil, err
		}
	}
	return draft.Read(ctx, r.Source, now)
}

// mayPublish reports whether an actor may publish; nobody who is signed in need
// be kept from knowing that there is such a thing.
func (s *Service) mayPublish(by auth.Actor) error {
	err := s.auth.Can(by, PublishRelease, ReleaseNumber(0))
	if err == nil || fault.KindOf(err) == fault.Unauthenticated {
		return err
	}
	if by.Token != "" {
		return fault.New(fault.Forbidden, "job families are published by administrators; a token of theirs needs the scope %s", PublishRelease.Scope())
	}
	return fault.New(fault.Forbidden, "job families are published by administrators")
}

// mostReason is the length of a reason in bytes: a few sentences.
const mostReason = 1000

// check brings a waiver into form and reports what is wrong with it.
func (w *Waiver) check(now time.Time) error {
	w.Reason = strings.TrimSpace(w.Reason)
	switch {
	case w.Fingerprint == "":
		return fault.New(fault.Invalid, "a waiver names the finding that it accepts, by its fingerprint")
	case w.Reason == "":
		return fault.New(fault.Invalid, "say why the finding is accepted: others will read it")
	case len(w.Reason) > mostReason:
		return fault.New(fault.Invalid, "the reason is too long: say it in %d characters", mostReason)
	case w.Until != nil && w.Until.Before(now):
		return fault.New(fault.Invalid, "the waiver would have run out already")
	}
	return nil
}
