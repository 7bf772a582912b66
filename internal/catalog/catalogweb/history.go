package catalogweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// comparison returns the address at which two versions are compared.
func comparison(id catalog.FamilyID, from, to int) string {
	return address(id, "history") + "?" + url.Values{"from": {strconv.Itoa(from)}, "to": {strconv.Itoa(to)}}.Encode()
}

// A historyView is what the history of a family shows.
type historyView struct {
	*shown
	versions []catalog.Version
	form     *form.Form
	from, to int // versions that are compared; 0 if there is only one
	changes  []delta.Change
	rows     []ui.Row
}

// history shows the versions of a family and compares two of them: those that
// were chosen, else the latest with the one before.
func (h *pages) history(w http.ResponseWriter, r *http.Request) error {
	s, err := h.read(r)
	if err != nil {
		return err
	}
	s.part = "history"
	ctx, by := r.Context(), auth.From(r.Context())
	v := historyView{shown: s}
	if v.versions, err = h.catalog.Versions(ctx, by, s.ID); err != nil {
		return err
	}
	ids := []auth.PrincipalID{s.Release.By}
	for _, e := range v.versions {
		ids = append(ids, e.By)
	}
	if s.names, err = h.names(ctx, ids...); err != nil {
		return err
	}
	var in struct {
		From int `form:"from"`
		To   int `form:"to"`
	}
	v.form = form.Query(r, &in)
	if len(v.versions) < 2 {
		return web.Show(w, r, historyPage(&v))
	}
	v.from, v.to = in.From, in.To
	if v.from == 0 || v.to == 0 {
		v.from, v.to = s.Latest-1, s.Latest
		v.form = form.New(struct {
			From int `form:"from"`
			To   int `form:"to"`
		}{v.from, v.to})
	}
	if v.changes, err = h.catalog.Diff(ctx, by, s.ID, v.from, v.to); err != nil {
		return err
	}
	old, _, err := h.catalog.Page(ctx, by, s.ID, v.from)
	if err != nil {
		return err
	}
	new, _, err := h.catalog.Page(ctx, by, s.ID, v.to)
	if err != nil {
		return err
	}
	v.rows = lineDiff(old, new)
	return web.Show(w, r, historyPage(&v))
}

// choices are the versions that can be compared.
func (v *historyView) choices() []ui.Choice {
	out := make([]ui.Choice, len(v.versions))
	for i, e := range v.versions {
		out[i] = ui.Choice{Value: strconv.Itoa(e.Number), Label: "Version " + strconv.Itoa(e.Number) + ", " + ui.Day(e.Published)}
	}
	return out
}

// path returns where the page lay in a version.
func (v *historyView) path(number int) string {
	for _, e := range v.versions {
		if e.Number == number {
			return e.Path
		}
	}
	return v.Path
}

// tiles count the changes by category.
func tiles(changes []delta.Change) []ui.Tile {
	notes := map[delta.Category]string{
		delta.Contract: "held, promised or linked to", delta.Expectation: "asked of somebody", delta.Link: "only a target", delta.Text: "no new meaning",
	}
	out := make([]ui.Tile, len(delta.Categories))
	for i, c := range delta.Categories {
		n := 0
		for _, ch := range changes {
			if ch.Category == c {
				n++
			}
		}
		out[i] = ui.Tile{Name: categoryName(c), Value: strconv.Itoa(n), Note: notes[c]}
	}
	return out
}

func categoryName(c delta.Category) string {
	word := strings.ToLower(string(c))
	return strings.ToUpper(word[:1]) + word[1:]
}

// ofCategory returns the changes of a category.
func ofCategory(changes []delta.Change, c delta.Category) []delta.Change {
	return slices.DeleteFunc(slices.Clone(changes), func(ch delta.Change) bool { return ch.Category != c })
}

// told returns changes as they are shown. Old and new lead to the lines of the
// two versions.
func told(changes []delta.Change, old, new func(line int) ui.Line) []ui.Change {
	out := make([]ui.Change, len(changes))
	for i, c := range changes {
		ch := ui.Change{Sign: ui.Changed, What: kindName(c.Kind), Where: c.Level, Old: c.Old, New: c.New}
		if c.About != "" {
			ch.Where = strings.Trim(c.Level+" · "+c.About, " ·")
		}
		switch {
		case c.Category == delta.Link || c.Category == delta.Text:
			ch.Sign = ui.Moved
		case c.Old == "":
			ch.Sign = ui.Added
		case c.New == "":
			ch.Sign = ui.Removed
		}
		if c.LineNew > 0 {
			ch.Line = new(c.LineNew)
		} else if c.LineOld > 0 {
			ch.Line = old(c.LineOld)
		}
		out[i] = ch
	}
	return out
}

// kindName returns a kind of change in words.
func kindName(k delta.Kind) string {
	switch k {
	case delta.LevelAdded, delta.LevelRemoved:
		return "Level"
	case delta.LevelRenamed:
		return "Title of a level"
	case delta.GradeChanged:
		return "Grade"
	case delta.ReportsTo:
		return "Reporting line"
	case delta.SpanChanged:
		return "Span of control"
	case delta.LadderChanged:
		return "Career ladder"
	case delta.StepAdded, delta.StepRemoved, delta.StepChanged:
		return "Hiring step"
	case delta.StepsReordered:
		return "Order of hiring steps"
	case delta.SpecialtyAdded, delta.SpecialtyRemoved, delta.SpecialtyRenamed, delta.SpecialtyChanged:
		return "Specialty"
	case delta.AnchorRemoved:
		return "Anchor"
	case delta.ResponsibilityAdded, delta.ResponsibilityRemoved, delta.ResponsibilityChanged:
		return "Duty"
	case delta.RequirementAdded, delta.RequirementRemoved, delta.RequirementChanged:
		return "Requirement"
	case delta.IndicatorAdded, delta.IndicatorRemoved, delta.IndicatorChanged:
		return "Indicator"
	case delta.ExtendsChanged:
		return "Inheritance"
	case delta.LinkChanged:
		return "Link"
	case delta.PageRenamed:
		return "Place of the page"
	case delta.TextChanged:
	}
	return "Wording"
}

// How large two pages may be for their lines to be compared, and how many lines
// stand around a difference.
const (
	mostCells = 4 << 20
	around    = 2
)

// lineDiff compares two texts line by line: what differs, with some lines
// around. It returns nothing for texts that are too large for that.
func lineDiff(old, new *source.File) []ui.Row {
	a, b := textLines(old), textLines(new)
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	midA, midB := a[head:len(a)-tail], b[head:len(b)-tail]
	if len(midA)*len(midB) > mostCells {
		return nil
	}
	var rows []ui.Row
	row := func(s ui.Sign, o, n int, text string) {
		rows = append(rows, ui.Row{Sign: s, Old: o, New: n, Parts: []ui.Span{{Text: text}}})
	}
	for i := range head {
		row(ui.Same, i+1, i+1, a[i])
	}
	i, j := 0, 0
	upTo := func(x, y int) {
		for ; i < x; i++ {
			row(ui.Removed, head+i+1, 0, midA[i])
		}
		for ; j < y; j++ {
			row(ui.Added, 0, head+j+1, midB[j])
		}
	}
	for _, p := range wording.Common(len(midA), len(midB), func(x, y int) bool { return midA[x] == midB[y] }) {
		upTo(p.Old, p.New)
		row(ui.Same, head+i+1, head+j+1, midA[i])
		i++
		j++
	}
	upTo(len(midA), len(midB))
	for k := range tail {
		row(ui.Same, len(a)-tail+k+1, len(b)-tail+k+1, a[len(a)-tail+k])
	}
	return near(rows)
}

// near returns the rows that differ, and those around them.
func near(rows []ui.Row) []ui.Row {
	keep := make([]bool, len(rows))
	for i, r := range rows {
		if r.Sign != ui.Same {
			for k := max(0, i-around); k <= min(len(rows)-1, i+around); k++ {
				keep[k] = true
			}
		}
	}
	var out []ui.Row
	for i, r := range rows {
		if keep[i] {
			out = append(out, r)
		}
	}
	return out
}

func textLines(f *source.File) []string {
	out := make([]string, f.Lines())
	for i := range out {
		out[i] = string(f.Slice(f.LineSpan(i + 1)))
	}
	return out
}
