package catalogweb

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// severity returns how a finding is shown.
func severity(f *catalog.Finding) (ui.State, string) {
	switch {
	case f.Waived != nil:
		return ui.Unknown, "Waived"
	case f.Severity == "error":
		return ui.Bad, "Error"
	case f.Severity == "warning":
		return ui.Warn, "Warning"
	}
	return ui.Current, "Note"
}

// stateIcon returns the icon of what is said of a page.
func stateIcon(s ui.State) ui.IconName {
	switch s {
	case ui.Bad:
		return ui.IconBad
	case ui.Warn:
		return ui.IconWarn
	case ui.Current:
		return ui.IconNote
	case ui.OK:
		return ui.IconOK
	case ui.Plain, ui.Unknown, ui.Locked:
	}
	return ui.IconUnknown
}

// sentence returns a message of a finding as a sentence.
func sentence(text string) string {
	r, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return strings.ToUpper(string(r)) + text[size:] + "."
}

// How much of a long line an excerpt shows, in letters.
const (
	acrossPage = 96
	besidePage = 40
)

// excerpt returns the line of a finding with the place that is meant.
func excerpt(file *source.File, f *catalog.Finding, l ui.Line, width int) ui.Excerpt {
	state, _ := severity(f)
	e := ui.Excerpt{Line: l, State: state}
	line := []rune(strings.ReplaceAll(string(file.Slice(file.LineSpan(f.Line))), "\t", " "))
	from := min(max(f.Column-1, 0), len(line))
	to := len(line)
	if f.EndLine == f.Line {
		to = min(max(f.EndColumn-1, from), len(line))
	}
	start := 0
	if before := width / 5; len(line) > width && from > before {
		start = min(from-before, len(line)-width)
	}
	end := min(len(line), start+width)
	e.Text = string(line[start:end])
	e.From, e.Width = from-start, min(to, end)-from
	if start > 0 {
		e.Text = "…" + e.Text
		e.From++
	}
	if end < len(line) {
		e.Text += "…"
	}
	if e.Width <= 0 {
		e.Width = 1
	}
	return e
}

// fix says what to do about a finding, or why nobody need.
func fix(f *catalog.Finding, names people) string {
	w := f.Waived
	if w == nil {
		return hint(f.Hint)
	}
	words := "Waived: “" + strings.TrimSuffix(w.Reason, ".") + "”."
	if w.By != "" {
		words += " " + names.name(auth.PrincipalID(w.By)) + "."
	} else {
		words += " In cadre.yaml."
	}
	if w.Until != nil {
		words += " Until " + ui.Day(*w.Until) + "."
	}
	return words
}

func hint(text string) string {
	if text == "" {
		return ""
	}
	return sentence(strings.TrimSuffix(text, "."))
}

// A report is what the page of all findings shows.
type report struct {
	edition  *catalog.Edition
	families []familyFindings
	waivers  []catalog.GivenWaiver
	names    people
	publish  bool
}

// familyFindings are the findings about one family.
type familyFindings struct {
	family   *catalog.Summary
	findings []catalog.FamilyFinding
}

// findings shows the findings of all families.
func (h *pages) findings(w http.ResponseWriter, r *http.Request) error {
	ctx, by := r.Context(), auth.From(r.Context())
	p := report{publish: h.mayPublish(r)}
	var err error
	if p.edition, err = h.released(r); err != nil {
		return err
	}
	if p.edition == nil {
		return web.Show(w, r, findingsPage(&p))
	}
	found, err := h.catalog.Findings(ctx, by)
	if err != nil {
		return err
	}
	if p.waivers, err = h.catalog.Waivers(ctx, by); err != nil {
		return err
	}
	at := map[catalog.FamilyID]int{}
	var ids []auth.PrincipalID
	for _, f := range found { // the heaviest first, and so the families
		i, ok := at[f.Family]
		if !ok {
			i = len(p.families)
			at[f.Family] = i
			p.families = append(p.families, familyFindings{family: p.edition.Family(f.Family)})
		}
		p.families[i].findings = append(p.families[i].findings, f)
	}
	for _, g := range p.waivers {
		ids = append(ids, g.By)
	}
	if p.names, err = h.names(ctx, ids...); err != nil {
		return err
	}
	return web.Show(w, r, findingsPage(&p))
}

// revoke takes a waiver back.
func (h *pages) revoke(w http.ResponseWriter, r *http.Request) error {
	if err := h.catalog.RevokeWaiver(r.Context(), auth.From(r.Context()), r.PathValue("waiver")); err != nil {
		return err
	}
	return web.Done(w, r, "/findings", ui.Toast{Text: "The waiver is revoked. From the next publishing on, the finding counts."})
}
