// Package productweb holds the pages of the product hierarchy: as a tree and as
// a map, each part of it with who stands beside it and what it was, counterparts,
// responsibilities, use cases, changes that somebody asks for, and the import.
//
// There is one file for each page, with its template beside it. A page asks the
// service and shows what it says; it decides nothing. Pages take a day, so that
// other days can be looked at; what a rule says leads to the line of the file, or
// the value of the policy, that states it.
package productweb

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Options are what the pages need of the server.
type Options struct {
	// Names returns the names of principals, for who asked for a change. It may
	// be nil.
	Names func(ctx context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error)
	// Person returns the address of the page of a person; nil if there are none.
	Person func(id product.PersonID) string
}

// Register adds the pages. They are part of the room Organisation, which the
// pages of people register.
func Register(site *web.Site, p *product.Service, o Options) {
	h := &pages{p, o}
	site.Get("/hierarchy", h.tree)
	site.Get("/hierarchy/map", h.chart)
	site.Get("/hierarchy/findings", h.findings)
	site.Get("/hierarchy/files/{name}", h.file)
	site.Get("/hierarchy/import", h.upload)
	site.Post("/hierarchy/import", h.importFiles, web.MaxBody(34<<20), web.MaxTime(2*time.Minute))
	site.Get("/hierarchy/new", h.newNode)
	site.Post("/hierarchy/new", h.addNode)
	site.Get("/hierarchy/counterparts", h.board)
	site.Get("/hierarchy/responsible", h.register)
	site.Get("/hierarchy/responsible/new", h.askAppoint)
	site.Post("/hierarchy/responsible/new", h.appoint)
	site.Post("/hierarchy/responsible/{id}/end", h.endDRI)
	site.Post("/hierarchy/handovers/{id}/steps/{step}", h.tick)
	site.Get("/hierarchy/use-cases", h.useCases)
	site.Get("/hierarchy/use-cases/new", h.newUseCase)
	site.Post("/hierarchy/use-cases/new", h.addUseCase)
	site.Get("/hierarchy/use-cases/{key}", h.useCase)
	site.Get("/hierarchy/use-cases/{key}/edit", h.editUseCase)
	site.Post("/hierarchy/use-cases/{key}/edit", h.saveUseCase)
	site.Post("/hierarchy/use-cases/{key}/seat", h.seatCase)
	site.Get("/hierarchy/changes", h.changes)
	site.Get("/hierarchy/changes/new", h.askChange)
	site.Post("/hierarchy/changes/new", h.propose)
	site.Get("/hierarchy/changes/{id}", h.change)
	site.Post("/hierarchy/changes/{id}/decide", h.decide)
	site.Post("/hierarchy/changes/{id}/name", h.nameApprover)
	site.Post("/hierarchy/changes/{id}/announce", h.announce)
	site.Post("/hierarchy/changes/{id}/apply", h.apply)
	site.Post("/hierarchy/changes/{id}/withdraw", h.withdraw)
	site.Get("/hierarchy/{kind}/{key}", h.node)
	site.Get("/hierarchy/{kind}/{key}/history", h.history)
	site.Get("/hierarchy/{kind}/{key}/edit", h.editNode)
	site.Post("/hierarchy/{kind}/{key}/edit", h.saveNode)
	site.Post("/hierarchy/{kind}/{key}/retire", h.retireNode)
	site.Get("/hierarchy/{kind}/{key}/seat/{field}", h.editSeat)
	site.Post("/hierarchy/{kind}/{key}/seat/{field}", h.seat)
	site.Post("/hierarchy/{kind}/{key}/met", h.note)
}

type pages struct {
	product *product.Service
	options Options
}

// A view is what every page has: the hierarchy of the day that was asked for.
type view struct {
	*product.Hierarchy
	today   calendar.Day
	url     *url.URL
	may     bool // change it at once
	propose bool
	person  func(product.PersonID) string
}

// look reads the hierarchy of the day in the address, which is today if there
// is none.
func (h *pages) look(r *http.Request) (*view, error) {
	by := auth.From(r.Context())
	v := &view{today: h.product.Today(), url: r.URL, may: h.product.MayChange(by), propose: h.product.MayPropose(by), person: h.options.Person}
	day := v.today
	if text := r.URL.Query().Get("day"); text != "" {
		var err error
		if day, err = calendar.ParseDay(text); err != nil {
			return nil, err
		}
	}
	var err error
	v.Hierarchy, err = h.product.Hierarchy(r.Context(), by, day)
	return v, err
}

func (v *view) isOtherDay() bool { return v.Day != v.today }

// to returns the address of a page on the same day.
func (v *view) to(address string) string {
	if !v.isOtherDay() {
		return address
	}
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	q := u.Query()
	q.Set("day", string(v.Day))
	u.RawQuery = q.Encode()
	return u.String()
}

func (v *view) toNode(r product.Ref) string { return v.to(product.Address(r)) }

// toPerson returns the address of a person; "" if there is no page for them.
func (v *view) toPerson(id product.PersonID) string {
	if id == "" || v.person == nil {
		return ""
	}
	return v.to(v.person(id))
}

// tabs lead through what there is of the hierarchy.
func (v *view) tabs(on string) []ui.Tab {
	tabs := []ui.Tab{
		{Label: "Tree", Href: "/hierarchy"},
		{Label: "Map", Href: "/hierarchy/map"},
		{Label: "Counterparts", Href: "/hierarchy/counterparts"},
		{Label: "Responsible", Href: "/hierarchy/responsible"},
		{Label: "Use cases", Href: "/hierarchy/use-cases"},
		{Label: "Changes", Href: "/hierarchy/changes"},
		{Label: "Findings", Href: "/hierarchy/findings"},
	}
	for i := range tabs {
		tabs[i].On = tabs[i].Href == on
		tabs[i].Href = v.to(tabs[i].Href)
	}
	return tabs
}

// above is the way from the room to a page.
func (v *view) above(more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Label: "Product", Href: v.to("/hierarchy")}}, more...)
}

// ref reads which node an address names.
func ref(r *http.Request) (product.Ref, error) {
	n, ok := hierarchy.ParseRef(r.PathValue("kind") + ":" + r.PathValue("key"))
	if !ok {
		return n, fault.New(fault.NotFound, "there is no page %s", r.URL.Path)
	}
	return n, nil
}

// lineOf returns the place of a file, to be shown.
func lineOf(file string, n int) ui.Line { return ui.Line{File: file, N: n} }

// fileLine is the place of a file, with its name.
func fileLine(file string, n int) ui.Line {
	return ui.Line{File: file, N: n, Tag: strings.TrimSuffix(file, ".yml")}
}

// policyLine returns a value of the policy, to be shown.
func policyLine(path string) ui.Line {
	return ui.Line{File: path, Tag: "policy", Href: chosen.Address(path)}
}

// severity returns how a finding is shown, and what that is called.
func severity(s hierarchy.Severity) (ui.State, string) {
	switch s {
	case hierarchy.SeverityError:
		return ui.Bad, "Error"
	case hierarchy.SeverityWarning:
		return ui.Warn, "Warning"
	}
	return ui.Plain, "Note"
}

// names returns how principals are called.
func (h *pages) names(ctx context.Context, ids ...auth.PrincipalID) (people, error) {
	if h.options.Names == nil {
		return nil, nil
	}
	return h.options.Names(ctx, ids...)
}

// people are the names of principals.
type people map[auth.PrincipalID]string

func (p people) name(id auth.PrincipalID) string {
	switch {
	case id == "":
		return "Cadre"
	case p[id] != "":
		return p[id]
	}
	return "a former member"
}

// counted returns a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// words writes a word of code for people.
func words(code string) string {
	role, section, ok := strings.Cut(code, ":")
	role = strings.ReplaceAll(role, "_", " ")
	if rest, is := strings.CutPrefix(role, "vp "); is {
		role = "VP of " + rest
	}
	if ok {
		role += " " + section
	}
	return role
}

// sentence begins with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// percent writes a part of a hundred.
func percent(n int) string { return strconv.Itoa(n) + "%" }

// heat returns the step of a percentage.
func heat(n int) int { return n / 25 }

// refuse shows in a form what the service does not take. What others changed
// meanwhile stands at the fields that it is about; the form then counts for how
// things are now. It reports whether it did.
func refuse(f *form.Form, err error, field string) bool {
	stale, ok := errors.AsType[*product.Stale](err)
	if !ok {
		return f.Refuse(err, field)
	}
	f.Wrong("", "Somebody else changed this while you wrote. Nothing that you typed is lost: compare it, and save again.")
	for _, c := range stale.Changes {
		name := c.Field
		if name == string(hierarchy.Section) || name == string(hierarchy.Stage) {
			name = "parent"
		}
		at := name
		if _, ok := f.Values["seen-"+name]; !ok {
			at = ""
		}
		f.Wrong(at, "%s was %q when you opened this, and is %q now", sentence(words(c.Field)), c.Was, c.Now)
		f.Values.Set("seen-"+name, c.Now)
	}
	f.Values.Set("version", strconv.FormatInt(stale.Version, 10))
	return true
}

// day turns what a form reads into a day; zero is today.
func day(t time.Time) calendar.Day {
	if t.IsZero() {
		return ""
	}
	return calendar.Of(t)
}

// byLine splits what was typed in an area, one thing on each line.
func byLine(text string) []string {
	var out []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			out = append(out, l)
		}
	}
	return out
}

func noPage(r *http.Request) error {
	return fault.New(fault.NotFound, "there is no page %s", r.URL.Path)
}

// ratio writes a part and the whole.
func ratio(part, whole int) string { return fmt.Sprintf("%d of %d", part, whole) }
