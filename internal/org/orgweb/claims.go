package orgweb

import (
	"net/http"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A claimList is what the page of claims shows.
type claimList struct {
	*view
	families []claimsOf
	found    int
	kept     int // all claims, whatever the filters
	broken   int
	idle     int
	facets   []ui.Facet
	next     string
}

// mostClaims is about how many statements a page has: those of a family stay
// together.
const mostClaims = 150

// claimsOf are the claims of one page, or of the policy.
type claimsOf struct {
	family catalog.FamilyID
	title  string
	claims []org.Claim
}

func (h *pages) claims(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	var in struct {
		Kind   string `form:"kind"`
		State  string `form:"state"`
		Family string `form:"family"`
		After  string `form:"after"`
	}
	_ = form.Query(r, &in) // they are all texts
	claims, _, err := h.org.Claims(r.Context(), auth.From(r.Context()), v.Day)
	if err != nil {
		return err
	}
	l := &claimList{view: v}
	kinds, families := map[string]int{}, map[string]int{}
	for i := range claims {
		c := &claims[i]
		kinds[string(c.Kind)]++
		families[string(c.Family)]++
		switch c.State() {
		case "kept":
			l.kept++
		case "broken":
			l.broken++
		default:
			l.idle++
		}
		if in.Kind != "" && in.Kind != string(c.Kind) || in.State != "" && in.State != c.State() || in.Family != "" && in.Family != string(c.Family) {
			continue
		}
		l.found++
		if n := len(l.families); n == 0 || l.families[n-1].family != c.Family {
			l.families = append(l.families, claimsOf{family: c.Family, title: l.familyTitle(c.Family)})
		}
		last := &l.families[len(l.families)-1]
		last.claims = append(last.claims, *c)
	}
	l.facets = l.filters(kinds, families)
	l.page(in.After)
	return web.Show(w, r, claimsPage(l))
}

// page leaves the families of one page, which begins after one of them.
func (l *claimList) page(after string) {
	l.families, _ = pageFrom(l.families, after, len(l.families), func(f *claimsOf) string { return string(f.family) })
	n := 0
	for i := range l.families {
		if n += len(l.families[i].claims); n > mostClaims && i > 0 {
			l.families, l.next = l.families[:i], string(l.families[i-1].family)
			return
		}
	}
}

func (l *claimList) familyTitle(id catalog.FamilyID) string {
	if id == "" {
		return "The policy"
	}
	if l.Edition != nil {
		if f := l.Edition.Family(id); f != nil {
			return f.Title
		}
	}
	return string(id)
}

// filters are the choices above the list.
func (l *claimList) filters(kinds, families map[string]int) []ui.Facet {
	var states, named []ui.Choice
	for _, s := range []struct {
		key, name string
		n         int
	}{{"broken", "Broken", l.broken}, {"kept", "Kept", l.kept}, {"idle", "About nobody here", l.idle}} {
		if s.n > 0 {
			states = append(states, ui.Choice{Value: s.key, Label: s.name, Count: s.n})
		}
	}
	for _, k := range org.ClaimKinds {
		if n := kinds[string(k)]; n > 0 {
			named = append(named, ui.Choice{Value: string(k), Label: claimName(k), Count: n})
		}
	}
	return []ui.Facet{
		{Label: "State", Name: "state", Choices: states},
		{Label: "Kind", Name: "kind", Choices: named},
		{Label: "Page", Name: "family", Choices: choicesOf(families, func(id string) string { return l.familyTitle(catalog.FamilyID(id)) })},
	}
}

// claimName is what a kind of claim is about.
func claimName(k org.ClaimKind) string {
	switch k {
	case org.SpanClaim:
		return "Direct reports"
	case org.TotalClaim:
		return "Whole organisation"
	case org.ReportingClaim:
		return "Reporting line"
	case org.GradeClaim:
		return "Order of grades"
	case org.LadderClaim:
		return "Next step"
	case org.ScopeClaim:
		return "Scope"
	case org.OwnerClaim:
		return "Owner"
	}
	return capital(string(k))
}

// tiles are the counts above the list.
func (l *claimList) tiles() []ui.Tile {
	all := l.kept + l.broken + l.idle
	kept := ""
	if checked := l.kept + l.broken; checked > 0 {
		kept = strconv.Itoa(100 * l.kept / checked)
	}
	broken, word := ui.OK, "Nothing is broken"
	if l.broken > 0 {
		broken, word = ui.Bad, "Look at them"
	}
	return []ui.Tile{
		{Name: "Statements", Value: strconv.Itoa(all), Note: "that can be checked"},
		{Name: "Kept", Value: kept, Unit: "%", Note: strconv.Itoa(l.kept) + " of " + strconv.Itoa(l.kept+l.broken) + " that are about somebody"},
		{Name: "Broken", Value: strconv.Itoa(l.broken), State: broken, Word: word, Href: ui.Address(l.url, "state", "broken")},
		{Name: "About nobody here", Value: strconv.Itoa(l.idle)},
	}
}

// claimState returns how a claim stands.
func claimState(c *org.Claim) (ui.State, string) {
	switch c.State() {
	case "broken":
		if c.Kept > 0 {
			return ui.Bad, strconv.Itoa(len(c.Broken)) + " of " + strconv.Itoa(c.Kept+len(c.Broken)) + " break it"
		}
		if len(c.Broken) == 1 {
			return ui.Bad, "Broken"
		}
		return ui.Bad, strconv.Itoa(len(c.Broken)) + " break it"
	case "kept":
		if c.Kept == 1 {
			return ui.OK, "Kept"
		}
		return ui.OK, strconv.Itoa(c.Kept) + " keep it"
	}
	return ui.Unknown, "About nobody here"
}

// breachAddress is where what breaks a claim is shown.
func (v *view) breachAddress(b *org.Breach) string {
	if b.Position != "" {
		return v.toPosition(b.Position)
	}
	return b.Address
}

// A few breaches are shown at once, and more behind a fold.
const fewBreaches, mostBreaches = 4, 60
