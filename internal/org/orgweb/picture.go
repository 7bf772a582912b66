package orgweb

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// The picture shows as many layers as fit so many rows and columns, so that it
// stays legible and as fast whatever the size of the organisation. What is
// further down is counted, and shown by going there.
const (
	pictureRows    = 48
	pictureColumns = 5
)

// A picturePage is what the picture of the organisation shows.
type picturePage struct {
	*view
	at      *chart.Node // nil is the top
	slabs   []ui.Slab
	layers  int
	shown   int
	found   []*chart.Node // by a search
	more    int           // that were found and are not listed
	search  bool
	skipped int // of the first reports, for the pages of a wide one
	next    int
}

func (h *pages) picture(w http.ResponseWriter, r *http.Request) error {
	v, err := h.look(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	p := &picturePage{view: v}
	if at := org.PositionID(q.Get("at")); at != "" {
		if p.at = v.Node(at); p.at == nil {
			return noPosition(at, v)
		}
	}
	if after, err := strconv.Atoi(q.Get("after")); err == nil && after > 0 {
		p.skipped = after
	}
	p.lookFor(q.Get("q"))
	p.build()
	return web.Show(w, r, pictureOf(p))
}

// lookFor finds positions by words, in the whole organisation.
func (p *picturePage) lookFor(text string) {
	words := strings.Fields(strings.ToLower(text))
	p.search = len(words) > 0
	if !p.search {
		return
	}
	for i := range p.Nodes {
		switch n := &p.Nodes[i]; {
		case !matches(n, words):
		case len(p.found) < mostChoices:
			p.found = append(p.found, n)
		default:
			p.more++
		}
	}
}

// tops are the indexes of the positions at the left.
func (p *picturePage) tops() []int {
	var tops []int
	switch {
	case p.at != nil && p.at.Parent >= 0:
		tops = p.Nodes[p.at.Parent].Children
	default:
		for i := 0; i < len(p.Nodes); i += 1 + p.Nodes[i].Total.All() {
			tops = append(tops, i)
		}
	}
	if p.at == nil {
		return tops
	}
	for _, i := range tops {
		if &p.Nodes[i] == p.at {
			return []int{i}
		}
	}
	return nil
}

// build finds how many layers fit, and draws them. It looks at what is shown and
// one layer more, not at all that is below.
func (p *picturePage) build() {
	row := p.tops()
	if len(row) > pictureRows {
		row = row[min(p.skipped, len(row)-1):]
		p.next = p.skipped + pictureRows
	}
	leaves := 0 // that end above the layer in hand
	layer := row
	for p.layers = 1; p.layers < pictureColumns; p.layers++ {
		var below []int
		ends := leaves
		for _, i := range layer {
			children := p.children(i)
			if len(children) == 0 {
				ends++
			}
			below = append(below, children...)
		}
		if len(below) == 0 || p.layers > 1 && ends+len(below) > pictureRows {
			break
		}
		leaves, layer = ends, below
	}
	if len(p.tops()) <= pictureRows {
		p.next = 0
	}
	for _, i := range row[:min(len(row), pictureRows)] {
		p.slabs = append(p.slabs, p.slab(i, p.layers))
	}
	if p.at != nil && len(p.at.Children) > p.skipped+pictureRows {
		p.next = p.skipped + pictureRows
	}
}

// children are those below a position that are shown beside it: of the one on the
// left a page of them, of others all.
func (p *picturePage) children(i int) []int {
	n := &p.Nodes[i]
	if n != p.at {
		return n.Children
	}
	from := min(p.skipped, len(n.Children))
	return n.Children[from:min(len(n.Children), from+pictureRows)]
}

// slab draws a position, with so many layers.
func (p *picturePage) slab(i, layers int) ui.Slab {
	p.shown++
	n := &p.Nodes[i]
	s := ui.Slab{Name: n.Seat.Title, Href: p.zoom(n)}
	s.State, s.Word = p.stands(n)
	if n.Holder != nil {
		s.Name, s.Note = n.Holder.Name, n.Seat.Title
	}
	if n.Holder == nil {
		s.Note = "vacant"
		if n.Cover != nil {
			s.Note = n.Cover.Name + ", " + n.Covers.Words()
		}
		if s.State == ui.Plain {
			s.State, s.Word = ui.Unknown, "Vacant"
		}
	}
	if layers > 1 {
		for _, child := range p.children(i) {
			s.Below = append(s.Below, p.slab(child, layers-1))
		}
		return s
	}
	if below := n.Total.All(); below > 0 {
		s.Count = strconv.Itoa(below) + " below"
	}
	return s
}

// stands returns the heaviest thing that there is to say of a position.
func (p *picturePage) stands(n *chart.Node) (ui.State, string) {
	if n.Leads() {
		span := p.Span(n, &p.Bands)
		for i := range span.Findings {
			if f := &span.Findings[i]; f.Severity == span.Worst() {
				return stateOf(f.Severity), shortOf(&span, f, &p.Bands.Company)
			}
		}
	}
	if n.Cover != nil {
		return ui.Current, capital(n.Covers.Words())
	}
	return ui.Plain, ""
}

// zoom is where a position of the picture leads: to what is below it, or to its
// own page where there is nothing to see below.
func (p *picturePage) zoom(n *chart.Node) string {
	if len(n.Children) == 0 || n == p.at {
		return p.toPosition(n.ID)
	}
	return p.to("/org/picture?at=" + string(n.ID))
}

// path leads up through the line.
func (p *picturePage) path() []ui.Link {
	path := []ui.Link{{Label: "Organisation", Href: p.to("/org")}}
	if p.at == nil {
		return path
	}
	path = append(path, ui.Link{Label: "Picture", Href: p.to("/org/picture")})
	line := p.Line(p.at)
	for i := len(line) - 1; i >= 0; i-- {
		path = append(path, ui.Link{Label: line[i].Called(), Href: p.to("/org/picture?at=" + string(line[i].ID))})
	}
	return path
}

func (p *picturePage) title() string {
	if p.at == nil {
		return "Picture"
	}
	return p.at.Called()
}

// total is how many positions there are in the part that the picture is of.
func (p *picturePage) total() int {
	if p.at != nil {
		return 1 + p.at.Total.All()
	}
	return len(p.Nodes)
}

// foundAddress is where a position that was found is seen: at the left of its own
// picture, or below its manager if it leads nobody.
func (p *picturePage) foundAddress(n *chart.Node) string {
	if up := p.Above(n); up != nil && len(n.Children) == 0 {
		n = up
	}
	return p.to("/org/picture?at=" + string(n.ID))
}
