package resolve

import (
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
	p.items(func(b *syntax.Block, depth int, group string) {
		if b.Text == "" && len(b.Children) == 0 {
			return // an empty bullet says nothing
		}
		t := stop(b.Text)
		d.Items = append(d.Items, &family.Item{
			ID: itemID(p, t, len(d.Items), d.Items), Text: t, Span: b.Span, Line: b.Line, Depth: depth, Group: group,
			Individual: individual(group), Links: b.Links,
		})
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
			if c := lowered(p[i]); isWordByte(c) {
				h = (h ^ uint64(c)) * prime
			}
		}
		h *= prime
	}
	return strconv.FormatUint(h, 16)
}

// individual reports whether a group of duties is that of an individual
// contributor by its own title.
func individual(group string) bool {
	f := fold(group)
	return strings.Contains(f, "individual") || strings.HasPrefix(f, "ic ") || strings.Contains(f, " ic ")
}

// inherits reads what a part of a level says it extends, and its conditions.
func (r *resolver) inherits(p *part) {
	what := ""
	switch {
	case p.kind == family.ResponsibleKind:
		what = "responsibilities"
	case p.kind == family.RequirementsKind:
		what = "requirements"
	case p.isLevel || p.kind == family.BothKind || p.kind == family.OverviewKind || p.kind == family.Unknown || r.whole && p.depth == 0:
	default:
		return
	}
	l := p.owner
	take := func(b *syntax.Block) {
		if !b.Words.Meet(&inheritWords) || !mayInherit(b.Lower()) {
			return
		}
		t := r.passage(b)
		for _, line := range r.statements(b, t) {
			for _, e := range r.extends(line, l) {
				if what != "" && e.What == "" && !namesBoth(line.text) {
					e.What = what
				}
				addExtension(l, e)
			}
		}
		if c := r.condition(t); c != nil {
			l.Conditions = append(l.Conditions, *c)
		}
	}
	p.prose(take)
	p.items(func(b *syntax.Block, _ int, _ string) { take(b) })
}

// namesBoth reports whether a text speaks of responsibilities and requirements.
func namesBoth(t string) bool { return hasWord(t, "responsibilities") && hasWord(t, "requirements") }

// inheritWords are words of which a text that extends, previous or condition
// understands holds one, so that the thousands of plain duties are passed over
// at once.
var inheritWords = syntax.WordsOf("extend extends extending responsibilities requirements same everything level individual ic ics")

// mayInherit reports whether a text can hold an inheritance or a condition.
func mayInherit(t string) bool {
	for _, w := range []string{"extend", "esponsib", "equirement", "level", "same", "verything", "contributor", "ic "} {
		if strings.Contains(t, w) {
			return true
		}
	}
	return false
}

// statements are the lines of a block that was written as a list without
// bullets, else the block as a whole.
func (r *resolver) statements(b *syntax.Block, whole passage) []passage {
	if len(b.Lines) < 2 {
		return []passage{whole}
	}
	for i, l := range b.Lines {
		if !startsUpper(l.Text) || i > 0 && strings.HasSuffix(b.Lines[i-1].Text, ",") {
			return []passage{whole}
		}
	}
	if wrapped(b.Lines) {
		return []passage{whole}
	}
	var out []passage
	at := 0
	for _, l := range b.Lines {
		if i := strings.Index(whole.text[at:], l.Text); i >= 0 {
			p := whole.cut(at+i, at+i+len(l.Text))
			p.span, p.line = l.Span, l.Line
			out = append(out, p)
			at += i + len(l.Text)
		}
	}
	return out
}

// wrapped reports whether lines are those of one paragraph that an editor
// wrapped: the first word of each would not have fitted on the line before.
func wrapped(lines []syntax.Line) bool {
	width := 0
	for _, l := range lines {
		width = max(width, len(l.Text))
	}
	for i, l := range lines[1:] {
		if len(lines[i].Text)+1+len(firstWords(l.Text, 1)) <= width {
			return false
		}
	}
	return true
}

// addExtension adds an extension, unless it is there with the same content.
func addExtension(l *family.Level, e family.Extension) {
	for i, have := range l.Extends {
		if (fold(have.Title) == fold(e.Title) || e.Level != "" && have.Level == e.Level) && have.What == e.What {
			l.Extends[i].NonIC = have.NonIC || e.NonIC
			return
		}
	}
	l.Extends = append(l.Extends, e)
}

// inheriting are the phrases behind which the extended role stands.
var inheriting = []string{
	"extends that of ", "extends those of ", "extends all of ", "extends on ", "extends upon ", "extends ", "extend that of ", "extend the ", "extending the ",
	"responsibilities and requirements of ", "responsibilities of ", "requirements of ", "responsibilities for ", "requirements for ", "responsibilities as ", "requirements as ", "same as ", "the same duties as ", "everything in ", "everything from ",
}

// extends reads "Extends the Planner responsibilities", "Perform all non-IC
// responsibilities of a Group Manager", "All of the requirements of a Planner,
// plus".
func (r *resolver) extends(p passage, of *family.Level) []family.Extension {
	var out []family.Extension
	for _, s := range p.sentences() {
		if e := r.previous(s, of); e != nil {
			return []family.Extension{*e}
		}
		i, phrase := r.inheriting(s.text)
		if i < 0 {
			continue
		}
		object := clause(s.cut(i+len(phrase), len(s.text)))
		what := ""
		if hasWordIn(s.low, "responsibilities") != hasWordIn(s.low, "requirements") {
			what = "requirements"
			if hasWordIn(s.low, "responsibilities") {
				what = "responsibilities"
			}
		}
		nonIC := hasWordIn(s.low, "non-ic", "non ic", "non-individual")
		object = extended(owner(object))
		who := r.titles(object)
		for _, ref := range who.refs {
			ref.Title = bareRole(ref.Title)
			if ref.Title == "" || !namesRole(ref.Title) && ref.Target == "" && r.matchAny(ref.Title) == nil || len(words(ref.Title)) > 12 {
				continue
			}
			out = append(out, family.Extension{Reference: ref, What: what, NonIC: nonIC})
		}
		if len(out) > 0 {
			return out
		}
	}
	return out
}

// previous reads "all of the requirements of the previous level" and "all of
// the responsibilities above": the level before this one is meant.
func (r *resolver) previous(s passage, of *family.Level) *family.Extension {
	t := s.low
	if !hasWordIn(t, "all", "same") || !hasWordIn(t, "responsibilities", "requirements") && !hasWordIn(t, "level") || len(t) > 140 {
		return nil
	}
	if !hasWord(t, "previous level", "level above", "prior level", "level below", "responsibilities above", "requirements above", "responsibilities listed above", "requirements listed above", "previous role") {
		return nil
	}
	for i, l := range r.levels {
		if l.Level == of && i > 0 && len(r.levels[i-1].Responsibilities.Sections)+len(r.levels[i-1].Requirements.Sections)+len(r.levels[i-1].has) > 0 {
			before := r.levels[i-1].Level
			return &family.Extension{Reference: family.Reference{Title: before.Title, Span: s.span, Level: before.Title, Why: "previous level"}}
		}
	}
	return nil
}

// inheriting finds the phrase that announces an extended role.
func (r *resolver) inheriting(t string) (int, string) {
	low := lower(t)
	extends := hasWordIn(low, "extends", "extend")
	all := hasWordIn(low, "all", "same", "everything", "perform", "performs")
	plus := hasWordIn(low, "plus") || strings.HasSuffix(t, ":")
	includes := hasWordIn(low, "includes", "include", "meets", "meet", "in addition to")
	if !extends && !all && !plus && !includes {
		return -1, ""
	}
	for _, phrase := range inheriting {
		verb := strings.HasPrefix(phrase, "extend")
		if verb != extends && (verb || extends) {
			continue
		}
		i := indexWordIn(low, phrase[:len(phrase)-1])
		if i < 0 || i+len(phrase) > len(t) {
			continue
		}
		if verb && i > 60 {
			continue
		}
		whole := strings.HasPrefix(phrase, "same") || strings.HasPrefix(phrase, "the same") || strings.HasPrefix(phrase, "everything")
		if !verb && (!whole || i > 40) && !announcesAll(t[:i], plus) {
			continue
		}
		return i, phrase
	}
	if !extends { // "All the Planner responsibilities, plus"
		for _, lead := range []string{"includes all of the ", "includes all the ", "includes all ", "all of the ", "all the ", "all ", "includes the ", "includes ", "the "} {
			if rest, ok := cutPrefixFold(t, lead); ok && inheritedList(rest) && (lead != "the " || plus) {
				return 0, lead
			}
		}
	}
	return -1, ""
}

// inheritedList reports whether a text begins with a role and goes on with
// "responsibilities": "Senior Planner responsibilities, plus".
func inheritedList(t string) bool {
	for _, w := range []string{" responsibilities", " requirements"} {
		if i := indexFold(t, w); i > 0 && i < 60 && len(words(t[:i])) > 6 {
			return false
		} else if i > 0 && i < 60 && namesRole(t[:i]) && startsSenior(t) {
			return true
		} else if i > 0 && i < 60 && namesRole(t[:i]) && startsUpper(t) {
			return true
		}
	}
	return false
}

// announcesAll reports whether the words before "responsibilities of" take
// all of them.
func announcesAll(before string, plus bool) bool {
	f := fold(before)
	if len(f) > 60 && !strings.HasSuffix(f, "same responsibilities and") {
		return false
	}
	if strings.HasPrefix(f, "in addition to") && len(f) < 24 {
		return true
	}
	if f == "the" || f == "" {
		return plus
	}
	for _, w := range []string{"all", "same"} {
		if f == w || strings.HasSuffix(f, " "+w) || strings.Contains(f, w+" ") {
			return true
		}
	}
	return strings.HasSuffix(f, "everything")
}

// owner cuts "all non-IC responsibilities of the Planner" to "the Planner".
func owner(p passage) passage {
	for _, w := range []string{"responsibilities and requirements of ", "requirements and responsibilities of ", "responsibilities of ", "requirements of "} {
		i := strings.Index(p.low, w)
		if i < 0 {
			continue
		}
		for _, before := range words(p.text[:i]) {
			if !quantifiers[before] {
				return p
			}
		}
		return p.cut(i+len(w), len(p.text))
	}
	return p
}

// quantifiers may stand between "extends" and the duties that are meant.
var quantifiers = set("all of the any every non-ic non ic non-individual individual contributor general other")

// extended cuts "Planner responsibilities, plus" to "Planner".
func extended(p passage) passage {
	if i := strings.IndexAny(p.text, ";:"); i > 0 {
		p = p.cut(0, i)
	}
	for _, w := range []string{
		" responsibilities", " requirements", " responsibility", " requirement", " role", " position", " plus", ", including", " including", " with ", " by ", " above", " below", " defined", " listed",
		" expectations", " job family", " level responsib", " in addition", " to include", " through", " as defined", " as outlined", " described", " from ", " and include", " plus", " across", " within", " as well",
		" noted", " mentioned", " job grade", " at ", ", the ", ", this ", " experience working",
	} {
		if i := strings.Index(p.low, w); i > 0 {
			p = p.cut(0, i)
		}
	}
	return p.trim()
}

// bareRole removes what is said of a role's duties from its title.
func bareRole(t string) string {
	t = strings.TrimSpace(t)
	for again := true; again; {
		again = false
		for _, lead := range []string{"responsibilities of ", "requirements of ", "responsibilities and requirements of ", "that of ", "those of ", "thet ", "that ", "the ", "a ", "an ", "all ", "of ", "on ", "of the ", "and ", "general "} {
			if rest, ok := cutPrefixFold(t, lead); ok && rest != "" {
				t, again = rest, true
			}
		}
		for _, end := range []string{" responsibilities", " requirements", " role", " roles", " position", " job family", " family", " and", " or", " plus"} {
			if i := len(t) - len(end); i > 0 && strings.EqualFold(t[i:], end) {
				t, again = t[:i], true
			}
		}
	}
	return trimTitle(t)
}

// trimTitle removes marks at the end of a title.
func trimTitle(t string) string {
	t = strings.TrimSpace(t)
	if i := strings.Index(t, "]("); i > 0 { // a link that lost its bracket
		t = t[:i]
	}
	for t != "" && strings.IndexByte(" ,;:-*", t[len(t)-1]) >= 0 {
		t = t[:len(t)-1]
	}
	return t
}

// condition reads a rule about duties that depends on the person: "fewer than
// 4 direct reports or a first-time manager keeps individual-contributor
// responsibilities".
func (r *resolver) condition(p passage) *family.Condition {
	t := p.low
	if !hasWordIn(t, "individual contributor", "individual-contributor", "ic", "ics") {
		return nil
	}
	c := family.Condition{Text: family.Text{Text: stop(p.text), Span: p.span}, KeepsICDuty: true}
	for _, w := range []string{"less than ", "fewer than "} {
		if i := strings.Index(t, w); i >= 0 {
			if n, l := number(t[i+len(w):]); l > 0 && hasWord(t[i+len(w)+l:], "report", "reports", "direct reports", "direct report", "people", "team members") {
				c.FewerThan = n
			}
		}
	}
	if hasWordIn(t, "first-time", "first time", "first management", "new manager", "new to management") {
		c.FirstTime = true
	}
	if c.FewerThan == 0 && !c.FirstTime {
		return nil
	}
	return &c
}
