package resolve

import (
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// clauseEnds end the object of a sentence: a second verb, a condition, a
// relative clause.
var clauseEnds = []string{
	" and is ", " and are ", " and has ", " and have ", " and will ", " and works ", " and work ", " and leads ", " and manages ", " and supports ", " and serves ",
	" and may ", " and can ", " and also ", " and collaborates ", " and partners ", " and acts ", " and oversees ", " and drives ", " and focuses ", " and extends ",
	" and typically ", " and takes ", " and provides ", " and helps ", " and owns ", " and ensures ", " and plays ", " and interacts ", " and assists ", " and directly ",
	" and being ", " and must ", " and should ", " and this ", " and performs ", " and contributes ", " and coordinates ", " and responsible ", " and delivers ", " and develops ",
	" and reports ", " and managing ", " and working ", " and a dotted", " with a dotted", " and it ", " and they ", " and you ", " and the ability", " and builds ", " and brings ", " and maintains ",
	" who ", " which ", " that ", " where ", " depending ", " based on ", " for which ", " when ", " if ", " while ", " as well as being ", " unless ", " whose ",
	" in order ", " to support ", " to ensure ", " to help ", " but ", " because ", " this role ", " on a ", " until ", " however ", " will be ", " as part of ", " throughout ",
}

var clauseCutter = sync.OnceValue(func() *cutter { return newCutter(clauseEnds) })

// reportWords are the words with which a reporting line is stated.
var reportWords = syntax.WordsOf("report reports reporting")

// statesReporting reports whether the text of a part says to whom its role
// reports.
func (r *resolver) statesReporting(p *part) bool {
	found := false
	p.prose(func(b *syntax.Block) {
		if !found && b.Words.Meet(&reportWords) {
			refs, _, _ := r.reporting(r.passage(b), r.roleOf(p))
			found = len(refs) > 0
		}
	})
	return found
}

// roleOf is the role of which the text of a part speaks.
func (r *resolver) roleOf(p *part) string {
	if p.depth == 0 {
		return r.family.Title
	}
	return p.title
}

// readReporting fills the reporting line of each level: from the text below
// its heading, its grade section, then any of its other parts.
func (r *resolver) readReporting() {
	order := []func(p *part) bool{
		func(p *part) bool { return p.isLevel || r.whole && p.depth == 0 || p.kind == family.OverviewKind },
		func(p *part) bool { return p.kind == family.GradeKind },
		func(p *part) bool { return true },
	}
	for _, fits := range order {
		for _, p := range r.parts {
			if p.owner == nil || len(p.owner.ReportsTo) > 0 || !fits(p) {
				continue
			}
			r.reportingOf(p)
		}
	}
}

// reportingOf looks for the reporting line in the paragraphs, then in the
// items of a part.
func (r *resolver) reportingOf(p *part) {
	l := p.owner
	take := func(b *syntax.Block) {
		if len(l.ReportsTo) > 0 || !b.Words.Meet(&reportWords) {
			return
		}
		if refs, mode, s := r.reporting(r.passage(b), l.Title); len(refs) > 0 {
			l.ReportsTo, l.ReportsToMode = refs, mode
			l.Reporting = family.Text{Text: s.text, Span: b.Span}
		}
	}
	p.prose(take)
	if p.kind == family.RequirementsKind || p.kind == family.HiringKind || p.kind == family.IndicatorsKind {
		return
	}
	p.items(func(b *syntax.Block, _ int, _ string) {
		if b.Words.Meet(&reportWords) && startsWithReport(b.Lower()) {
			take(b)
		}
	})
}

// startsWithReport reports items that are a reporting line themselves.
func startsWithReport(low string) bool {
	if len(low) < len("report to") || !strings.Contains(low[:min(len(low), 32)], "report") {
		return false
	}
	f := fold(low)
	for _, s := range []string{"reports ", "report to", "report directly to", "report into", "reporting to the", "this role reports", "this position reports", "the role reports", "will report"} {
		if strings.HasPrefix(f, s) {
			return true
		}
	}
	return false
}

// reporting finds the reporting line of the role in a text.
func (r *resolver) reporting(p passage, role string) ([]family.Reference, family.Mode, passage) {
	if !strings.Contains(p.low, "report") {
		return nil, family.Any, p
	}
	for _, s := range p.sentences() {
		verb, start, end := reportVerb(s.text, s.low)
		if start < 0 || !r.subjectIs(s.text[:start], role, verb) {
			continue
		}
		var refs []family.Reference
		object := s.cut(end, len(s.text))
		if start == 0 && verb == "reporting" {
			object = beforeRole(object, role)
		}
		who := r.titles(managers(object))
		for _, ref := range who.refs {
			ref.Title = bareRole(ref.Title)
			if t := ref.Title; names(t) || startsUpper(t) || hasWord(t, "leader", "their") {
				refs = append(refs, ref)
			}
		}
		if len(refs) == 0 || verb == "report" && len(refs) == 1 && sameRole(refs[0].Title, role) {
			continue // "Planners report to the Manager" tells who reports to this role
		}
		mode := family.Any
		if len(refs) > 1 && !who.either && who.mode == family.All {
			mode = family.All
		}
		return refs, mode, s
	}
	return nil, family.Any, p
}

// reportVerb finds the first "reports to", in the forms that pages use, with
// where it begins and where its object does: "will report directly to",
// "reports into", "reports either to". A page that forgets the "to" is
// understood if an article follows.
func reportVerb(t, low string) (verb string, start, end int) {
	for from := 0; from < len(t); {
		i := strings.Index(low[from:], "report")
		if i < 0 {
			return "", -1, 0
		}
		i += from
		from = i + len("report")
		if i > 0 && isWordByte(t[i-1]) {
			continue
		}
		verb = low[i : i+wordLen(low[i:])]
		if verb != "reports" && verb != "report" && verb != "reporting" {
			continue
		}
		at, linked := i+len(verb), false
		for {
			at += len(t[at:]) - len(strings.TrimLeft(t[at:], " "))
			n := wordLen(t[at:])
			w := low[at : at+n]
			if w != "directly" && w != "either" && w != "up" && w != "both" && w != "in" && w != "to" && w != "into" && distance(w, "into", 1) > 1 || n == 0 {
				break
			}
			linked = linked || strings.HasSuffix(w, "to") || n > 3 && strings.Contains(w, "to")
			at += n
		}
		if linked || verb == "reports" && startsArticle(strings.TrimSpace(t[at:])) && namesRole(firstWords(t[at:], 7)) {
			return verb, i, at
		}
	}
	return "", -1, 0
}

// wordLen returns the length of the word at the start of a text.
func wordLen(t string) int {
	n := 0
	for n < len(t) && isWordByte(t[n]) {
		n++
	}
	return n
}

// beforeRole cuts "the Yard Manager, the Planner keeps the plan" where the role
// itself comes in.
func beforeRole(object passage, role string) passage {
	for i := 0; i < len(object.text); i++ {
		if object.text[i] != ',' {
			continue
		}
		rest := fold(object.text[i:])
		for _, article := range []string{"the ", "a ", "an ", "our "} {
			rest = strings.TrimPrefix(rest, article)
		}
		if own := fold(role); own != "" && (rest == own || strings.HasPrefix(rest, own+" ")) {
			return object.cut(0, i)
		}
	}
	return object
}

// managers cuts the object of "reports to" off where another statement
// begins: ", and Planners report to them", ", you will lead".
func managers(p passage) passage {
	if i := strings.Index(p.low, " report to "); i > 0 {
		for _, w := range []string{", and ", " and ", ", ", "; "} {
			if j := strings.LastIndex(p.text[:i], w); j > 0 {
				p = p.cut(0, j)
				break
			}
		}
	}
	for _, w := range []string{", you ", ", this ", ", the role ", ", they ", ", we ", ", he ", ", these ", " directly", " at ", " in their ", " for their "} {
		if i := strings.Index(p.low, w); i > 0 && !p.linked(i) && (w != " for their " || !strings.Contains(p.text[:i], "Staff")) {
			p = p.cut(0, i)
		}
	}
	for _, w := range []string{" role ", " position "} {
		if i := strings.Index(p.low, w); i > 0 && !p.linked(i) {
			if rest := strings.TrimSpace(p.text[i+len(w):]); !strings.HasPrefix(rest, "or ") {
				p = p.cut(0, i)
			}
		}
	}
	return clause(p)
}

// clause cuts the object of a verb off at the next clause.
func clause(p passage) passage {
	end := clauseCutter().first(p.low, func(i int, _ string) bool { return !p.linked(i) })
	if i := strings.IndexByte(p.text, ';'); i >= 0 && i < end {
		end = i
	}
	if i := strings.Index(p.text, ". "); i > 3 && i < end && !abbreviations[strings.ToLower(lastWord(p.text[:i]))] {
		end = i
	}
	p = p.cut(0, end).trim()
	// "X, and", "X, depending": what the cut leaves behind.
	t := strings.TrimRight(p.text, " ,:-")
	for _, w := range []string{" and", " or", " both"} {
		if len(t) > len(w) && strings.EqualFold(t[len(t)-len(w):], w) {
			t = t[:len(t)-len(w)]
		}
	}
	return p.cut(0, len(t))
}

// subjectIs reports whether the words before the verb speak of the role: "The
// Planner", "This role … and", nothing. "Product Designers report to the
// manager" on the manager's page speaks of others.
func (r *resolver) subjectIs(before, role, verb string) bool {
	f := fold(before)
	ws := strings.Fields(f)
	if len(ws) == 0 {
		return true
	}
	switch ws[len(ws)-1] {
	case "that", "who", "those", "which", "members", "people", "anyone", "everyone", "financial", "all", "of", "for", "in", "on", "their":
		return f == "the role that"
	}
	for len(ws) > 1 && adverbs[ws[len(ws)-1]] {
		ws = ws[:len(ws)-1]
	}
	subject := strings.Join(ws, " ")
	switch ws[0] {
	case "this", "it", "they", "you", "these", "all", "and", "will":
		return true
	}
	if sameRole(subject, role) || ws[0] == "the" && len(ws) > 1 && (ws[1] == "role" || ws[1] == "position") {
		return true
	}
	switch verb {
	case "reporting":
		last := ws[len(ws)-1]
		return isRoleWord(last) || last == "position" || last == "role" || last == "level"
	case "report": // others report to somebody, unless they are named like the role
		n := overlap(roleKey(subject), roleKey(role))
		return n >= 2 || n == 1 && len(roleKey(role)) <= 2 || strings.HasSuffix(subject, "roles")
	}
	return true
}

// adverbs may stand between a subject and its verb.
var adverbs = set("will may typically and also usually generally can should either directly must currently would normally who")
