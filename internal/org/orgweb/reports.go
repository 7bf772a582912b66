package orgweb

import (
	"context"
	"io"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// registerReports adds the pages that say how the organisation is: spans,
// claims, coverage, groups, history, what-if and the picture.
func (h *pages) registerReports(site *web.Site) {
	site.Get("/org/spans", h.spans)
	site.Get("/org/spans.csv", h.spansCSV)
	site.Get("/org/claims", h.claims)
	site.Get("/org/coverage", h.coverage)
	site.Get("/org/coverage/bonus", h.coverage)
	site.Post("/org/coverage/bonus", h.bonus)
	site.Get("/org/groups", h.groups)
	site.Get("/org/changes", h.changes)
	site.Get("/org/changes/{change}", h.change)
	site.Get("/org/what-if", h.whatIf)
	site.Get("/org/picture", h.picture)
	site.Get("/org/export", h.export)
	site.Get("/org/export/{format}", h.exportAs)
	site.Get("/scenarios", h.scenarios)
	site.Get("/scenarios/new", h.whatIf)
	site.Post("/scenarios/new", h.saveScenario)
	site.Get("/scenarios/{scenario}", h.scenario)
	site.Get("/scenarios/{scenario}/apply", h.askApply)
	site.Post("/scenarios/{scenario}/apply", h.apply)
	site.Get("/scenarios/{scenario}/delete", h.askDelete)
	site.Post("/scenarios/{scenario}/delete", h.deleteScenario)
}

// A Format is a form in which the organisation can be taken along.
type Format struct {
	Key   string // in the address
	Name  string
	Text  string // what is in it, and for whom
	File  string // as it is called when it is kept
	Media string
	// Write writes the organisation as of a day.
	Write func(ctx context.Context, by auth.Actor, day calendar.Day, w io.Writer) error
}

// on returns a view of another chart: of a what-if, or another day.
func (v *view) on(c *org.Chart) *view {
	other := *v
	other.Chart = c
	return &other
}

// choicesOf returns the values of a filter in order, with their counts.
func choicesOf(counts map[string]int, name func(string) string) []ui.Choice {
	choices := make([]ui.Choice, 0, len(counts))
	for _, k := range sortedKeys(counts) {
		if k != "" {
			choices = append(choices, ui.Choice{Value: k, Label: name(k), Count: counts[k]})
		}
	}
	return choices
}

func same(s string) string { return s }

// pageFrom returns the rows of a page, which begins after the one with a key, and
// the key after which the next page begins. A key that is gone begins anew.
func pageFrom[T any](rows []T, after string, size int, key func(*T) string) (page []T, next string) {
	if after != "" {
		for i := range rows {
			if key(&rows[i]) == after {
				rows = rows[i+1:]
				break
			}
		}
	}
	if len(rows) <= size {
		return rows, ""
	}
	return rows[:size], key(&rows[size-1])
}
