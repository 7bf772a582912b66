package resolve

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

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
		if !inheritance.in(b) {
			return
		}
		t := r.passage(b)
		for _, line := range r.statements(b, t) {
			for _, e := range r.extends(line, l) {
				if what != "" && e.What == "" && !namesBoth(line.low) {
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

// namesBoth reports whether a text in lower case speaks of responsibilities and
// requirements.
func namesBoth(low string) bool {
	return hasWordIn(low, "responsibilities") && hasWordIn(low, "requirements")
}

// inheritance are words of which a text that extends, previous or condition
// understands holds one, so that the thousands of plain duties are passed over
// at once.
var inheritance = newVocabulary(
	"extends", "extend", "responsibilities", "requirements", "same", "everything", "individual contributor", "individual-contributor", "ic", "ics",
	"previous level", "level above", "prior level", "level below", "previous role",
)

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

// extending are the phrases with the verb behind which the extended role
// stands, inheriting those without.
var (
	extending = []string{
		"extends that of ", "extends those of ", "extends all of ", "extends on ", "extends upon ", "extends ", "extend that of ", "extend the ", "extending the ",
	}
	inheriting = []string{
		"responsibilities and requirements of ", "responsibilities of ", "requirements of ", "responsibilities for ", "requirements for ", "responsibilities as ", "requirements as ",
		"same as ", "the same duties as ", "everything in ", "everything from ",
	}
)

// extends reads "Extends the Planner responsibilities", "Perform all non-IC
// responsibilities of a Group Manager", "All of the requirements of a Planner,
// plus".
func (r *resolver) extends(p passage, of *family.Level) []family.Extension {
	var out []family.Extension
	for _, s := range p.sentences() {
		if e := r.previous(s, of); e != nil {
			return []family.Extension{*e}
		}
		i, phrase := announced(s)
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

// levelBefore are the phrases that mean the level before this one.
var levelBefore = newVocabulary(
	"previous level", "level above", "prior level", "level below", "responsibilities above", "requirements above",
	"responsibilities listed above", "requirements listed above", "previous role",
)

// previous reads "all of the requirements of the previous level" and "all of
// the responsibilities above": the level before this one is meant.
func (r *resolver) previous(s passage, of *family.Level) *family.Extension {
	if len(s.low) > 140 || !s.holds(&levelBefore) || !hasWordIn(s.low, "all", "same") || !hasWordIn(s.low, "responsibilities", "requirements", "level") {
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

// Words that announce an inheritance, and what is inherited.
var (
	extendVerbs = newVocabulary("extends", "extend")
	takeAll     = newVocabulary("all", "same", "everything", "perform", "performs")
	include     = newVocabulary("includes", "include", "meets", "meet", "in addition to")
	inherited   = newVocabulary("responsibilities", "requirements", "same", "everything")
)

// announced finds the phrase that announces an extended role.
func announced(s passage) (int, string) {
	if s.holds(&extendVerbs) {
		for _, phrase := range extending {
			if i := announcedBy(s, phrase); i >= 0 && i <= 60 {
				return i, phrase
			}
		}
		return -1, ""
	}
	if !s.holds(&inherited) {
		return -1, ""
	}
	plus := hasWordIn(s.low, "plus") || strings.HasSuffix(s.text, ":")
	if !plus && !s.holds(&takeAll) && !s.holds(&include) {
		return -1, ""
	}
	for _, phrase := range inheriting {
		i := announcedBy(s, phrase)
		if i < 0 {
			continue
		}
		whole := strings.HasPrefix(phrase, "same") || strings.HasPrefix(phrase, "the same") || strings.HasPrefix(phrase, "everything")
		if whole && i <= 40 || announcesAll(s.low[:i], plus) {
			return i, phrase
		}
	}
	// "All the Planner responsibilities, plus"
	for _, lead := range []string{"includes all of the ", "includes all the ", "includes all ", "all of the ", "all the ", "all ", "includes the ", "includes ", "the "} {
		if strings.HasPrefix(s.low, lead) && (lead != "the " || plus) && inheritedList(s.text[len(lead):], s.low[len(lead):]) {
			return 0, lead
		}
	}
	return -1, ""
}

// announcedBy returns where a phrase with something behind it stands, or -1.
func announcedBy(s passage, phrase string) int {
	i := indexWordIn(s.low, phrase[:len(phrase)-1])
	if i+len(phrase) > len(s.low) {
		return -1
	}
	return i
}

// inheritedList reports whether a text begins with a role and goes on with
// "responsibilities": "Senior Planner responsibilities, plus".
func inheritedList(t, low string) bool {
	for _, w := range []string{" responsibilities", " requirements"} {
		i := strings.Index(low, w)
		if i <= 0 || i >= 60 {
			continue
		}
		if len(words(t[:i])) > 6 {
			return false
		}
		if namesRole(t[:i]) && (startsSenior(t) || startsUpper(t)) {
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

// contributors are the names of those whose duties a condition keeps.
var contributors = newVocabulary("individual contributor", "individual-contributor", "ic", "ics")

// condition reads a rule about duties that depends on the person: "fewer than
// 4 direct reports or a first-time manager keeps individual-contributor
// responsibilities".
func (r *resolver) condition(p passage) *family.Condition {
	if !p.holds(&contributors) {
		return nil
	}
	t := p.low
	c := family.Condition{Text: family.Text{Text: stop(p.text), Span: p.span}, KeepsICDuty: true}
	for _, w := range []string{"less than ", "fewer than "} {
		if i := strings.Index(t, w); i >= 0 {
			if n, l := number(t[i+len(w):]); l > 0 && hasWordIn(t[i+len(w)+l:], "report", "reports", "direct reports", "direct report", "people", "team members") {
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
