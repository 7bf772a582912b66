package catalog

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/draft"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/press"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// A plan is everything that publishing a draft over the latest release writes.
// It is made in a view, for it takes a while, and written in one short update
// that finds the same release the latest.
type plan struct {
	Publication
	base     int64 // the latest release when the plan was made; 0 for none
	release  Release
	reading  string
	hash     string
	planned  []*plannedFamily
	retired  []db.CatalogVersion
	waivers  []db.AddWaiverParams
	contexts map[FamilyID]*plannedContext
}

// A plannedFamily is a family of the draft, with what becomes of it.
type plannedFamily struct {
	page  *compile.Page
	names *names
	model *press.Page
	json  string
	hash  string
	// head is the version in force, nil if there is none; known is set if the
	// family was published before.
	head    *db.CatalogVersion
	before  delta.Page // the version that the page is compared with
	known   bool
	isNew   bool // a version must be added
	version int
}

// A plannedContext is what the release says of a family.
type plannedContext struct {
	row     db.AddContextParams
	changed bool
}

// A planner makes a plan.
type planner struct {
	*plan
	service *Service
	draft   *draft.Draft
	tx      store.Tx
	q       *db.Queries

	heads    []db.CatalogVersion // in force
	families map[FamilyID]db.CatalogFamily
	readings map[int64]workspace.Reading // of releases
	waivers  map[string]*Waived
}

// plan makes the plan of a request.
func (s *Service) plan(ctx context.Context, d *draft.Draft, r *Request, by auth.Actor) (*plan, error) {
	var p *planner
	err := s.db.View(ctx, func(tx store.Tx) error {
		p = &planner{
			plan:    &plan{contexts: map[FamilyID]*plannedContext{}},
			service: s, draft: d, tx: tx, q: db.New(tx),
			families: map[FamilyID]db.CatalogFamily{}, readings: map[int64]workspace.Reading{}, waivers: map[string]*Waived{},
		}
		p.Kind, p.Name, p.Commit, p.Notes, p.Families = d.Kind, d.Name, d.Commit, d.Notes, len(d.Families)
		p.Pages = make(map[string]*source.File, len(d.Families))
		for _, page := range d.Families {
			p.Pages[page.File.Path] = page.File
		}
		return p.make(ctx, r, by)
	})
	if err != nil {
		return nil, err
	}
	return p.plan, nil
}

func (p *planner) make(ctx context.Context, r *Request, by auth.Actor) error {
	if err := p.latest(ctx); err != nil {
		return err
	}
	if err := p.dated(r, by); err != nil {
		return err
	}
	if err := p.waive(ctx, r, by); err != nil {
		return err
	}
	if err := p.assign(ctx); err != nil {
		return err
	}
	if err := p.inContext(ctx); err != nil {
		return err
	}
	p.conclude()
	return nil
}

// latest reads the release that the plan builds on.
func (p *planner) latest(ctx context.Context) error {
	row, err := p.q.LatestRelease(ctx)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return fmt.Errorf("find the latest release: %w", err)
	default:
		p.base, p.Release, p.hash = row.Number, ReleaseNumber(row.Number), row.Hash
		p.release.InForce = row.InForceAt.Time
		if p.heads, err = p.q.VersionsInForce(ctx, p.base); err != nil {
			return fmt.Errorf("find the versions in force: %w", err)
		}
	}
	rows, err := p.q.Families(ctx)
	if err != nil {
		return fmt.Errorf("find families: %w", err)
	}
	for _, f := range rows {
		p.families[FamilyID(f.ID)] = f
	}
	return nil
}

// dated fills in when and by whom the release is.
func (p *planner) dated(r *Request, by auth.Actor) error {
	now := p.service.clock()
	force := r.InForce
	if force.IsZero() {
		force = now
	}
	if before := p.release.InForce; force.Before(before) {
		return fault.New(fault.Invalid, "the latest release is in force from %s on; a later one cannot be from an earlier day", before.UTC().Format("2 Jan 2006, 15:04"))
	}
	p.release = Release{
		Number: ReleaseNumber(p.base + 1), Published: now, By: by.ID, InForce: force,
		Kind: p.draft.Kind, Name: p.draft.Name, Commit: p.draft.Commit,
	}
	p.reading = p.draft.Reading.String()
	return nil
}

// waive brings together the waivers that count: those of earlier releases and
// those of the request.
func (p *planner) waive(ctx context.Context, r *Request, by auth.Actor) error {
	now := p.service.clock()
	rows, err := p.q.Waivers(ctx)
	if err != nil {
		return fmt.Errorf("find waivers: %w", err)
	}
	for _, w := range rows {
		if until := w.ExpiresAt.Ptr(); until == nil || !until.Before(now) {
			p.waivers[w.Fingerprint] = &Waived{Reason: w.Reason, By: w.GivenBy, Until: until}
		}
	}
	found := make(map[string]*draft.Finding, len(p.draft.Findings))
	for i := range p.draft.Findings {
		found[p.draft.Findings[i].Fingerprint] = &p.draft.Findings[i]
	}
	for _, w := range r.Waivers {
		f := found[w.Fingerprint]
		if f == nil {
			return fault.New(fault.Invalid, "a waiver speaks of a finding that is not there: look at the findings again")
		}
		p.waivers[w.Fingerprint] = &Waived{Reason: w.Reason, By: string(by.ID), Until: w.Until}
		p.plan.waivers = append(p.plan.waivers, db.AddWaiverParams{
			ID: uuid.Must(uuid.NewV7()).String(), Fingerprint: w.Fingerprint, Code: string(f.Code), Path: f.Path, Reason: w.Reason,
			GivenBy: string(by.ID), GivenAt: store.At(now), ExpiresAt: store.MaybeAt(w.Until),
		})
	}
	return nil
}

// assign finds out which family each page is, and what is new about it.
func (p *planner) assign(ctx context.Context) error {
	heads := make(map[string]*db.CatalogVersion, len(p.heads))
	for i := range p.heads {
		heads[p.heads[i].Path] = &p.heads[i]
	}
	var come []*plannedFamily
	for _, page := range p.draft.Families {
		f := &plannedFamily{page: page, head: heads[page.File.Path]}
		delete(heads, page.File.Path)
		p.planned = append(p.planned, f)
		if f.head == nil {
			come = append(come, f)
		}
	}
	if err := p.moves(ctx, heads, come); err != nil {
		return err
	}
	for _, head := range heads {
		p.retired = append(p.retired, *head)
	}
	slices.SortFunc(p.retired, func(a, b db.CatalogVersion) int { return cmp.Compare(a.Path, b.Path) })
	retired := map[string]FamilyID{}
	for id, f := range p.families {
		if f.Retired != 0 {
			retired[f.Path] = id
		}
	}
	for _, f := range p.planned {
		if err := p.decide(ctx, f, retired); err != nil {
			return fmt.Errorf("plan %s: %w", f.page.File.Path, err)
		}
	}
	return nil
}

// moves finds the pages that only lie in another place. It takes their heads
// out of those that are left.
func (p *planner) moves(ctx context.Context, left map[string]*db.CatalogVersion, come []*plannedFamily) error {
	if len(left) == 0 || len(come) == 0 {
		return nil
	}
	var old, new []delta.Page
	byPath := map[string]*plannedFamily{}
	for _, head := range left {
		before, err := p.earlier(ctx, head)
		if err != nil {
			return err
		}
		old = append(old, before)
	}
	for _, f := range come {
		new = append(new, f.state())
		byPath[f.page.File.Path] = f
	}
	for _, change := range delta.Pages(old, new) {
		if change.OldPath != "" {
			byPath[change.Path].head = left[change.OldPath]
			delete(left, change.OldPath)
		}
	}
	return nil
}

// state returns a page of the draft as delta takes it.
func (f *plannedFamily) state() delta.Page {
	return delta.Page{Path: f.page.File.Path, File: f.page.File, Family: f.page.Family}
}

// decide gives a page its family, names and version.
func (p *planner) decide(ctx context.Context, f *plannedFamily, retired map[string]FamilyID) error {
	var err error
	f.model = press.PageOf(f.page.Family, nil)
	at := f.page.File.Path
	f.hash = versionHash(at, f.page.File.Text, f.model)
	id, back := retired[at]
	switch {
	case f.head != nil:
		f.known = true
		err = p.decideChange(ctx, f)
	case back:
		f.known, f.isNew, f.version = true, true, int(p.families[id].Version)+1
		err = p.inherit(ctx, f, id, int(p.families[id].Version))
	default:
		id = familyID(at, func(id FamilyID) bool { _, taken := p.families[id]; return taken })
		p.families[id] = db.CatalogFamily{ID: string(id)}
		f.isNew, f.version, f.names = true, 1, fresh(id, f.page.Family)
	}
	if err != nil || !f.isNew {
		return err
	}
	rename(f.model, f.names)
	text, err := json.Marshal(f.model)
	f.json = string(text)
	return err
}

// decideChange compares a page with the version in force.
func (p *planner) decideChange(ctx context.Context, f *plannedFamily) error {
	id := FamilyID(f.head.Family)
	if f.hash != f.head.Hash {
		f.isNew, f.version = true, int(f.head.Number)+1
		return p.inherit(ctx, f, id, int(f.head.Number))
	}
	f.version = int(f.head.Number)
	model, err := p.service.model(ctx, p.tx, id, f.version)
	if err != nil {
		return err
	}
	levels, err := p.q.LevelsOf(ctx, db.LevelsOfParams{Family: string(id), Version: int64(f.version)})
	if err != nil {
		return err
	}
	f.names = stored(id, f.page.Family, levels, model)
	return nil
}

// inherit names the parts of a page after those of a version before.
func (p *planner) inherit(ctx context.Context, f *plannedFamily, id FamilyID, version int) error {
	row, err := p.q.Version(ctx, db.VersionParams{Family: string(id), Number: int64(version)})
	if err != nil {
		return err
	}
	if f.before, err = p.earlier(ctx, &row); err != nil {
		return err
	}
	model, err := p.service.model(ctx, p.tx, id, version)
	if err != nil {
		return err
	}
	levels, err := p.q.LevelsOf(ctx, db.LevelsOfParams{Family: string(id), Version: int64(version)})
	if err != nil {
		return err
	}
	f.names = handedDown(id, stored(id, f.before.Family, levels, model), f.before, f.state())
	return nil
}

// earlier returns a version as delta takes it: its page, read anew in the way
// of its release.
func (p *planner) earlier(ctx context.Context, v *db.CatalogVersion) (delta.Page, error) {
	return p.service.state(ctx, p.tx, v, p.readings)
}

// state returns a version as delta takes it. Readings are those of releases, as
// far as they were asked for.
func (s *Service) state(ctx context.Context, tx store.Tx, v *db.CatalogVersion, readings map[int64]workspace.Reading) (delta.Page, error) {
	reading, ok := readings[v.Release]
	if !ok {
		row, err := db.New(tx).Release(ctx, v.Release)
		if err != nil {
			return delta.Page{}, fmt.Errorf("find release %d: %w", v.Release, err)
		}
		if reading, err = workspace.ParseReading(row.Reading); err != nil {
			return delta.Page{}, err
		}
		readings[v.Release] = reading
	}
	text, err := db.New(tx).PageText(ctx, db.PageTextParams{Family: v.Family, Version: v.Number})
	if err != nil {
		return delta.Page{}, fmt.Errorf("read version %d of %s: %w", v.Number, v.Family, err)
	}
	f := source.New(v.Path, []byte(text))
	return delta.Page{Path: v.Path, File: f, Family: reading.Family(f)}, nil
}

// inContext works out what depends on several pages, and whether it differs
// from what the latest release says.
func (p *planner) inContext(ctx context.Context) error {
	m := &contextMaker{
		draft: p.draft, names: map[*family.Family]*names{}, files: map[*family.Family]func(int) int{}, waivers: p.waivers,
	}
	for _, f := range p.planned {
		m.names[f.page.Family], m.files[f.page.Family] = f.names, f.page.File.Line
	}
	before := map[string]string{}
	if p.base > 0 {
		rows, err := p.q.ContextsInForce(ctx, p.base)
		if err != nil {
			return fmt.Errorf("find what the latest release says: %w", err)
		}
		for _, r := range rows {
			before[r.Family] = r.Hash
		}
	}
	for _, f := range p.planned {
		c := m.make(f.page.Family)
		row, err := c.row()
		if err != nil {
			return err
		}
		row.Family, row.Release = string(f.names.family), p.base+1
		p.contexts[f.names.family] = &plannedContext{row, before[row.Family] != row.Hash}
		p.Findings = append(p.Findings, c.findings...)
	}
	// Pages that were families, and are none any more perhaps because of an
	// error, do not go unseen.
	for _, v := range p.retired {
		for _, f := range p.draft.Of(v.Path) {
			p.Findings = append(p.Findings, m.finding(f))
		}
	}
	slices.SortStableFunc(p.Findings, bySeverity)
	for i := range p.Findings {
		if p.Findings[i].Counts() {
			p.Blocking = append(p.Blocking, p.Findings[i])
		}
	}
	return nil
}

// row returns a context as it is kept.
func (c *familyContext) row() (db.AddContextParams, error) {
	var row db.AddContextParams
	for _, part := range []struct {
		to    *string
		value any
	}{{&row.Findings, c.findings}, {&row.Duties, c.duties}, {&row.Ladder, c.ladder}} {
		text, err := json.Marshal(part.value)
		if err != nil {
			return row, err
		}
		*part.to = string(text)
	}
	errors, warnings, infos, waived := c.count()
	row.Errors, row.Warnings, row.Infos, row.Waived = int64(errors), int64(warnings), int64(infos), int64(waived)
	row.Hash = sum(row.Findings, row.Duties, row.Ladder)
	return row, nil
}

// sum returns the SHA-256 of some texts as hexadecimal digits.
func sum(texts ...string) string {
	h := sha256.New()
	for _, t := range texts {
		fmt.Fprintf(h, "%d %s", len(t), t)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// conclude sums the plan up.
func (p *planner) conclude() {
	var all []string
	for _, f := range p.planned {
		all = append(all, string(f.names.family), f.hash, p.contexts[f.names.family].row.Hash)
		if !f.isNew {
			continue
		}
		c := FamilyChange{Family: f.names.family, Title: f.model.Title, Path: f.page.File.Path, Version: f.version}
		switch {
		case f.head != nil:
			c.Kind = Changed
			p.release.Changed++
		case f.known:
			c.Kind = Restored
			p.release.Added++
		default:
			c.Kind = Added
			p.release.Added++
		}
		if f.head != nil && f.head.Path != c.Path {
			c.OldPath = f.head.Path
		}
		if f.known {
			c.Changes = between(f.before, f.state())
		}
		p.Changes = append(p.Changes, c)
	}
	for _, v := range p.retired {
		p.Changes = append(p.Changes, FamilyChange{Kind: Retired, Family: FamilyID(v.Family), Title: v.Title, Path: v.Path, Version: int(v.Number)})
	}
	slices.SortFunc(p.Changes, func(a, b FamilyChange) int { return cmp.Compare(a.Path, b.Path) })
	p.release.Retired, p.release.Families = len(p.retired), len(p.planned)
	before := p.hash
	p.hash = sum(all...)
	p.Anew = p.hash != before || len(p.Changes) > 0
}
