package orgweb_test

import (
	"context"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/org/orgweb"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// A place is a site with the pages of an organisation.
type place struct {
	*orgtest.Room
	site *webtest.Site
}

// open returns the pages over SQLite: that both databases say the same, the
// tests of the service show.
func open(t *testing.T) *place {
	t.Helper()
	p := &place{Room: orgtest.Open(t, storetest.Open(t, storetest.SQLite(t))), site: webtest.New(t)}
	orgweb.Register(p.site.Site, p.Service, p.Catalog.Service, orgweb.Options{
		Names: func(_ context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error) {
			return map[auth.PrincipalID]string{orgtest.Partner.ID: orgtest.Partner.Name}, nil
		},
	})
	return p
}

// Somebody looks at the tree, goes down to a position and on to who holds it.
func TestReadTheTree(t *testing.T) {
	p := open(t)
	b := p.site.As(orgtest.Member)
	b.Get("/org").WantsStatus(200).Wants("Nobody is here yet").Lacks("Open a position")
	p.Harbour(t)
	tree := b.Get("/org").WantsStatus(200).Wants("Ada Holm", "Bo Lind", "Vacant: Yard Manager", "3 people, 1 vacant", "3 layers of 8", "Below the company band")
	tree.Lacks("Open a position")
	position := tree.Follow("Bo Lind").WantsStatus(200).Wants("Quay Manager", "Dee Ware", "no level of a published family", "1 direct report; the band of the company is 4 to 10").Lacks("Vacate")
	position.Follow("Dee Ware").WantsStatus(200).Wants("Held by", "Quay Manager")
	b.Get("/people/dee").Wants("Dee Ware", "dee@meridian.example", "Bo Lind", "Here").Lacks("They leave")
	b.Get("/people?q=dee").Wants("1 position found", "Planner").Lacks("Ada Holm")
	b.Get("/people?q=ballet").Wants("Nobody fits").Follow("Show everybody").Wants("4 positions")
	b.Get("/org?day=2025-12-31").Wants("Nobody was here on this day")
	b.Get("/org?day=tomorrow").WantsStatus(422)
	b.Get("/positions/none").WantsStatus(404)
	b.Get("/people/none").WantsStatus(404)
	b.Get("/positions/quay/change").WantsStatus(403)
}

// What somebody plans shows on its day, and can be withdrawn or taken back.
func TestPlanAMove(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	b := p.site.As(orgtest.Partner)
	form := b.Get("/positions/plan/change").WantsStatus(200).Form("/positions/plan/change")
	form.Fill("manager", "yard")
	form.Fill("day", "2026-12-01")
	done := form.Submit().WantsStatus(200).Wants("Planner reports to Yard Manager from 1 Dec 2026 on", "Planned", "Withdraw")
	b.Get("/org?day=2026-11-30").Wants("Bo Lind")
	later := b.Get("/positions/plan?day=2026-12-01").Wants("Yard Manager", "Planned")
	later.Wants("reports to Yard Manager")
	undo(t, done).Submit().Wants("Taken back").Lacks("Withdraw")

	// A circle is refused at the form, with the way named; nothing typed is lost.
	form = b.Get("/positions/chief/change").Form("/positions/chief/change")
	form.Fill("manager", "Dee Ware")
	form.Fill("department", "Harbour office")
	refused := form.Submit().WantsStatus(422).Wants("That would be a circle", "Dee Ware (Planner)")
	if refused.Form("/positions/chief/change").Values.Get("department") != "Harbour office" {
		t.Error("what was typed is lost")
	}
}

// undo returns the form that takes back what was just done.
func undo(t *testing.T, p *webtest.Page) *webtest.Form {
	t.Helper()
	for _, f := range p.Forms() {
		if f.Text() == "Undo" {
			return f
		}
	}
	t.Fatalf("nothing can be taken back; the page says:\n%s", p.Text())
	return nil
}

// What could mean several is offered to choose from.
func TestChooseAManager(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	p.Do(t, orgtest.Opening("yard2", "Yard Manager", "chief", catalog.Pin{}))
	b := p.site.As(orgtest.Partner)
	form := b.Get("/positions/new?manager=quay").WantsStatus(200).Form("/positions/new")
	if got := form.Values.Get("manager"); got != "Bo Lind, Quay Manager" {
		t.Errorf("the manager is filled in as %q", got)
	}
	form.Fill("title", "Crane Planner")
	form.Fill("manager", "yard manager")
	refused := form.Submit().WantsStatus(422).Wants("Several fit", "Which of these")
	form = refused.Form("/positions/new")
	form.Fill("manager_choice", "yard2")
	form.Submit().WantsStatus(200).Wants("Crane Planner is open from", "Yard Manager")
}

// Two people change the same position: the second is told what the first did,
// and keeps what they typed.
func TestTwoEdit(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	b := p.site.As(orgtest.Partner)
	form := b.Get("/positions/yard/change").Form("/positions/yard/change")
	p.Do(t, chart.Step{Kind: chart.Change, Position: "yard", Day: orgtest.Today, Title: chart.To("Head of the Yard")})
	form.Fill("department", "Landside")
	refused := form.Submit().WantsStatus(422).Wants("Somebody else has changed it meanwhile", "Head of the Yard", "by Pat Sound")
	refused.Form("/positions/yard/change").Submit().WantsStatus(200).Wants("belongs to Landside")
}

// Somebody comes, gets a position, covers another one, and leaves.
func TestComeAndGo(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	b := p.site.As(orgtest.Partner)
	form := b.Get("/people/new").Form("/people/new")
	form.Fill("name", "Eve Strand")
	form.Fill("email", "not an address")
	form.Submit().WantsStatus(422).Wants("is no address")
	form.Fill("email", "eve@meridian.example")
	form.Fill("start", "2026-11-20")
	form.Fill("locality", "Sines")
	form.Fill("factor", "0.6")
	form.Submit().WantsStatus(200).Wants("Eve Strand is here", "Sines", "0.6", "They hold no position")

	form = b.Get("/positions/yard/fill").Form("/positions/yard/fill")
	form.Fill("who", "nobody of this name")
	form.Submit().WantsStatus(422).Wants("Nobody who is employed")
	form.Fill("who", "eve")
	form.Submit().WantsStatus(200).Wants("Eve Strand has Yard Manager")
	form = b.Get("/positions/quay/fill?kind=acting").Form("/positions/quay/fill")
	form.Fill("who", "Eve Strand")
	form.Fill("until", "2027-01-31")
	form.Submit().WantsStatus(200).Wants("Covered by", "acting, since")

	eve := b.Get("/people?q=eve").Follow("Eve Strand")
	eve.Wants("What they cover", "Quay Manager")
	form = b.Get(eve.Address.Path + "/leave").Form(eve.Address.Path + "/leave")
	form.Fill("last", "2026-11-30")
	form.Submit().WantsStatus(200).Wants("Eve Strand leaves after 30 Nov 2026", "last day")
	b.Get("/positions/yard?day=2026-12-01").Wants("Vacant")
}

// A page of a level is what duties and ladder come from.
func TestDutiesAndLadder(t *testing.T) {
	p := open(t)
	p.Publish(t)
	p.Harbour(t)
	pin := p.Level(t, "product-management-leadership", "group-manager-product")
	p.Do(t, chart.Step{Kind: chart.Change, Position: "quay", Day: orgtest.Today, Pin: &pin})
	b := p.site.As(orgtest.Member)
	page := b.Get("/positions/quay").Wants("Group Manager, Product", "Duties and requirements")
	page.Follow("Duties").WantsStatus(200).Wants("They stay", "fewer than 4", "no evidence source yet")
	page.Follow("Ladder").WantsStatus(200).Wants("Next: Director of Product", "grade 10", "Duties that are added")
	b.Get("/positions/plan/duties").Wants("This position has no level")

	partner := p.site.As(orgtest.Partner)
	form := partner.Get("/positions/quay/change").Form("/positions/quay/change")
	form.Fill("specialty", "Yrd")
	form.Submit().WantsStatus(422).Wants("did you mean")
	form.Fill("specialty", "Yard")
	form.Submit().WantsStatus(200).Wants("has the specialty Yard")
}

// A location factor is on the page of who may see it, and nowhere else; who may
// not see it does not wipe it out.
func TestFactorIsForFew(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	stay := org.StayFrom{Person: "dee", Stay: org.Stay{Locality: "Sines", Factor: "0.73", Span: calendar.Span{Since: orgtest.Begin}}}
	if _, err := p.Service.Do(t.Context(), orgtest.Partner, org.Change{Stays: []org.StayFrom{stay}}); err != nil {
		t.Fatal(err)
	}
	if page := p.site.As(orgtest.Member).Get("/people/dee").Wants("Sines"); strings.Contains(page.HTML, "0.73") || strings.Contains(page.HTML, "actor") {
		t.Error("a member sees the factor, or that there is one")
	}
	admin := p.site.As(auth.Actor{ID: "root", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}})
	form := admin.Get("/people/dee/stay").Lacks("0.73", "Location factor").Form("/people/dee/stay")
	form.Fill("locality", "Porto")
	form.Submit().WantsStatus(200).Wants("Porto")
	p.site.As(orgtest.Partner).Get("/people/dee").Wants("Porto", "0.73")
}

// Visitors see nothing of the organisation, until it says that they may; then
// names and titles.
func TestPublicChart(t *testing.T) {
	p := open(t)
	p.Harbour(t)
	visitor := p.site.Visitor()
	visitor.Get("/chart").WantsStatus(404)
	if page := visitor.Get("/org"); page.Has("Ada Holm") {
		t.Error("a visitor sees the tree")
	}
	admin := auth.Actor{ID: "root", Kind: auth.Person, Roles: []auth.Role{auth.Administrator}}
	if err := p.Policy.Override(t.Context(), admin, "rooms.org.chart.public", "true", chosen.Change{Reason: "We publish who we are."}); err != nil {
		t.Fatal(err)
	}
	visitor.Get("/chart").WantsStatus(200).Wants("Ada Holm", "Chief", "Dee Ware", "Vacant: Yard Manager").Lacks("meridian.example", "band")
	if page := p.site.As(orgtest.Member).Get("/chart"); page.Address.Path != "/org" {
		t.Errorf("a member is led to %s", page.Address)
	}
}
