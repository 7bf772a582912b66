package resolve

import (
	"slices"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// readDuties collects responsibilities, requirements and indicators for their
// owners, with what they inherit and on what they depend.
func (r *resolver) readDuties() {
	for _, p := range r.parts {
		if d := r.duties(p); d != nil {
			r.collect(d, p)
		}
		if p.owner != nil {
			r.inherits(p)
		}
	}
}

// duties returns the list that a part adds to, or nil.
func (r *resolver) duties(p *part) *family.Duties {
	var resp, req, pi *family.Duties
	switch {
	case p.spec != nil:
		resp, req = &p.spec.Responsibilities, &p.spec.Requirements
	case p.owner != nil:
		resp, req, pi = &p.owner.Responsibilities, &p.owner.Requirements, &p.owner.Indicators
	default:
		resp, req, pi = &r.family.Responsibilities, &r.family.Requirements, &r.family.Indicators
	}
	switch p.kind {
	case family.ResponsibleKind, family.BothKind:
		return resp
	case family.RequirementsKind:
		return req
	case family.IndicatorsKind:
		return pi
	case family.NiceKind:
		if up := r.host(p); up != nil && up.kind == family.RequirementsKind {
			return req
		}
	case family.Unknown, family.OverviewKind, family.GroupKind:
		if p.isLevel && p.parent > 0 {
			switch r.parts[p.parent].kind {
			case family.RequirementsKind:
				return req
			case family.ResponsibleKind:
				return resp
			}
		}
		// "Projects" below "Responsibilities" goes on with the list around it.
		if up := r.host(p); up != nil && up.owner == p.owner && up.spec == p.spec && !p.isLevel && (p.spec == nil || p.spec.Span != p.span) {
			return r.duties(up)
		}
	}
	return nil
}

// host returns the typed section that encloses a part by depth, or nil.
func (r *resolver) host(p *part) *part {
	for i := p.parent; i >= 0; i = r.parts[i].parent {
		up := r.parts[i]
		switch up.kind {
		case family.ResponsibleKind, family.RequirementsKind, family.BothKind, family.IndicatorsKind:
			return up
		case family.Unknown, family.OverviewKind:
			if up.isLevel {
				return nil
			}
			continue
		}
		return nil
	}
	return nil
}

// collect adds the items and paragraphs of a part to a list.
func (r *resolver) collect(d *family.Duties, p *part) {
	d.Sections = append(d.Sections, p.span)
	p.prose(func(b *syntax.Block) {
		if !b.Bold {
			d.Prose = append(d.Prose, text(b))
		}
	})
	count := 0
	p.items(func(*syntax.Block, int, string) { count++ })
	items := make([]family.Item, 0, count)
	d.Items = slices.Grow(d.Items, count)
	of, own := "", false // the group at hand, and whether it is that of an individual
	p.items(func(b *syntax.Block, depth int, group string) {
		if group != of {
			of, own = group, individual(group)
		}
		if b.Text == "" && len(b.Children) == 0 {
			return // an empty bullet says nothing
		}
		t := stop(b.Text)
		items = append(items, family.Item{
			Text: t, Span: b.Span, Line: b.Line, Depth: depth, Group: group, Individual: own, Links: b.Links,
		})
		it := &items[len(items)-1]
		if !r.WithoutIDs {
			it.ID = itemID(p, t, len(d.Items), d.Items)
		}
		d.Items = append(d.Items, it)
	})
}

// itemID identifies an item by its owner, its kind and its text, so that it
// stays when lines move.
func itemID(p *part, text string, n int, earlier []*family.Item) string {
	owner := ""
	switch {
	case p.spec != nil:
		owner = p.spec.Level + "/" + p.spec.Title
	case p.owner != nil:
		owner = p.owner.Title
	}
	id := identity(owner, string(p.kind), text)
	for _, e := range earlier {
		if e.ID == id {
			return id + "-" + strconv.Itoa(n)
		}
	}
	return id
}

// identity is a short name for texts that is the same in every run, whatever
// their case and punctuation: 64 bits of FNV-1a as hexadecimal digits.
func identity(parts ...string) string {
	const offset, prime = 14695981039346656037, 1099511628211
	h := uint64(offset)
	for _, p := range parts {
		for i := range len(p) {
			if c := identifying[p[i]]; c != 0 {
				h = (h ^ uint64(c)) * prime
			}
		}
		h *= prime
	}
	return strconv.FormatUint(h, 16)
}

// identifying are the bytes of words, their letters in lower case; 0 for all
// others.
var identifying = func() (bytes [256]byte) {
	for i := range bytes {
		if c := lowered(byte(i)); isWordByte(c) {
			bytes[i] = c
		}
	}
	return bytes
}()

// individual reports whether a group of duties is that of an individual
// contributor by its own title.
func individual(group string) bool {
	f := fold(group)
	return strings.Contains(f, "individual") || strings.HasPrefix(f, "ic ") || strings.Contains(f, " ic ")
}
