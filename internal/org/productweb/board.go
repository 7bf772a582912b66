package productweb

import (
	"net/http"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A boardView is the board of counterparts.
type boardView struct {
	*view
	kind  string
	board *product.Board
	shown []product.BoardRow
}

func (h *pages) board(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	b := &boardView{view: v, kind: r.URL.Query().Get("kind")}
	if b.kind == "" {
		b.kind = string(hierarchy.Group)
	}
	if b.board, err = h.product.Board(r.Context(), auth.From(r.Context()), b.kind, v.Day); err != nil {
		return err
	}
	b.shown = b.board.Rows
	if section := r.URL.Query().Get("section"); section != "" {
		b.shown = slices.DeleteFunc(slices.Clone(b.shown), func(row product.BoardRow) bool {
			s := v.SectionOf(row.Subject.Node())
			return s == nil || s.Key != section
		})
	}
	if stage := r.URL.Query().Get("stage"); stage != "" {
		b.shown = slices.DeleteFunc(slices.Clone(b.shown), func(row product.BoardRow) bool {
			n := v.Node(row.Subject.Node())
			return n == nil || n.Parent.Key != stage
		})
	}
	if r.URL.Query().Get("gaps") == "yes" {
		b.shown = slices.DeleteFunc(slices.Clone(b.shown), func(row product.BoardRow) bool { return row.Primary == 100 })
	}
	return web.Show(w, r, boardPage(b))
}

// kinds are the boards that there are.
func (b *boardView) kinds() []ui.Facet {
	of := ui.Facet{Label: "Of", Name: "kind"}
	for _, k := range []hierarchy.Kind{hierarchy.Section, hierarchy.Stage, hierarchy.Group} {
		of.Choices = append(of.Choices, ui.Choice{Value: string(k), Label: sentence(k.Plural())})
	}
	of.Choices = append(of.Choices, ui.Choice{Value: "use_case", Label: "Use cases"})
	sections := ui.Facet{Label: "Section", Name: "section"}
	for _, s := range b.Of(hierarchy.Section) {
		sections.Choices = append(sections.Choices, ui.Choice{Value: s.Key, Label: s.Name})
	}
	gaps := ui.Facet{Label: "Show", Name: "gaps", Choices: []ui.Choice{{Value: "yes", Label: "Primary set not complete"}}}
	if b.kind == "use_case" {
		return []ui.Facet{of, gaps}
	}
	return []ui.Facet{of, sections, gaps}
}

// functions are the columns of the map.
func (b *boardView) functions() []string {
	out := append(make([]string, 0, len(b.board.Functions)+2), "Primary", "Complete")
	for _, f := range b.board.Functions {
		out = append(out, sentence(string(f.Function)))
	}
	return out
}

// rows are the subjects with a word for each function.
func (b *boardView) rows() []ui.HeatRow {
	var out []ui.HeatRow
	for _, r := range b.shown {
		at := b.to(r.Subject.Address())
		line := ui.HeatRow{Name: r.Title, Cells: []ui.Cell{
			{Text: percent(r.Primary), Heat: heat(r.Primary), Href: at}, {Text: percent(r.Complete), Heat: heat(r.Complete), Href: at},
		}}
		for _, c := range r.Cells {
			cell := ui.Cell{Text: "none", None: true}
			switch {
			case c.Filled:
				cell = ui.Cell{Text: "held", Heat: 3}
			case c.Acting:
				cell = ui.Cell{Text: "acting", Heat: 1}
			case c.Open:
				cell = ui.Cell{Text: "open"}
			}
			line.Cells = append(line.Cells, cell)
		}
		out = append(out, line)
	}
	return out
}
