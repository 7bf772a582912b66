package resolve

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// readLadders reads the career ladders: prose, links and mermaid graphs.
func (r *resolver) readLadders() {
	for i, p := range r.parts {
		if p.kind != family.LadderKind {
			if p.owner != nil {
				r.tracks(p)
			}
			continue
		}
		l := &r.family.Ladder
		if p.owner != nil {
			l = &p.owner.Ladder
		}
		l.Stated = true
		l.Sections = append(l.Sections, p.span)
		r.ladder(l, p)
		for _, q := range r.parts[i+1:] { // "In role levels" below the ladder
			if q.depth <= p.depth || q.isLevel || q.kind != family.Unknown {
				break
			}
			r.ladder(l, q)
		}
	}
}

// tracks reads "may decide to pursue the management track" in the text of a
// level: an optional track is a next step of that level.
func (r *resolver) tracks(p *part) {
	p.prose(func(b *syntax.Block) {
		if !b.Words.HoldFirst("pursue") || !hasWordIn(b.Lower(), "pursue") {
			return
		}
		for _, s := range r.passage(b).sentences() {
			i := indexWordIn(s.low, "pursue")
			if i < 0 || !hasWordIn(s.low[i:], "track", "path") {
				continue
			}
			object := s.cut(i+len("pursue"), len(s.text)).trim()
			end := len(object.text)
			for _, w := range []string{" track", " path"} {
				if j := strings.Index(object.low, w); j > 0 {
					end = min(end, j+len(w))
				}
			}
			t, _ := trimLead(object.cut(0, end))
			addReference(&p.owner.Ladder.Next, family.Reference{Title: t.text, Span: b.Span, Target: r.target(t, 0, len(t.text))})
		}
	})
}

func (r *resolver) ladder(l *family.Ladder, p *part) {
	take := func(b *syntax.Block) {
		l.Prose = append(l.Prose, text(b))
		for _, s := range r.passage(b).sentences() {
			for _, ref := range r.nextSteps(s) {
				addReference(&l.Next, ref)
			}
		}
	}
	p.prose(take)
	p.items(func(b *syntax.Block, _ int, _ string) { take(b) })
	walk(p.blocks, func(b *syntax.Block) bool {
		if b.Kind == syntax.Code && (strings.HasPrefix(b.Info, "mermaid") || looksMermaid(b.Text)) {
			r.climb(l, b)
		}
		return true
	})
}

func addReference(refs *[]family.Reference, ref family.Reference) {
	for _, have := range *refs {
		if fold(have.Title) == fold(ref.Title) {
			return
		}
	}
	*refs = append(*refs, ref)
}

// moves are the phrases behind which the next role stands.
var moves = []string{
	"move to ", "move into ", "moves to ", "moves into ", "move up to ", "moving to ", "moving into ", "transition to ", "transition into ", "promoted to ", "promotion to ",
	"progress to ", "progress into ", "progression to ", "advance to ", "advance into ", "grow into ", "next step is to become ", "is to become ", "to become ", "become ", "next role is ", "next level is ",
	"next position in this job family is ", "next position is ", "next job family is ", "considered for ", "step up to ", "path to ", "resulting in becoming ", "available as ", "flow into ", "flows into ", "pursue ", "such as ", "laterally to ", "apply for ", "join ",
}

// nextSteps reads the roles that come next.
func (r *resolver) nextSteps(s passage) []family.Reference {
	t, low := s.text, s.low
	if !s.holds(&moving) || s.holds(&undefined) {
		return nil
	}
	at, end := -1, 0
	for _, phrase := range moves {
		if phrase == "such as " || phrase == "path to " || phrase == "join " || phrase == "apply for " {
			if !s.holds(&career) {
				continue
			}
		}
		if s.words != nil && !s.words.HoldFirst(phrase) {
			continue
		}
		if i := indexWordIn(low, strings.TrimSuffix(phrase, " ")); i >= 0 && i+len(phrase) <= len(t) {
			if at < 0 || i < at || i == at && i+len(phrase) > end {
				at, end = i, i+len(phrase)
			}
		}
	}
	if at < 0 {
		if at, end = nextIs(s); at < 0 {
			return nil
		}
	}
	var out []family.Reference
	rest := s.cut(end, len(t))
	if i := strings.Index(rest.low, "such as "); i >= 0 && i < 40 {
		rest = rest.cut(i+len("such as "), len(rest.text))
	}
	for _, again := range []string{" or laterally to ", " or to move to ", " or move to ", " or progress to ", " or transition to ", " or transition into ", " or to the ", " or to a ", " or to ", ", to the ", " and then to ", " and then "} {
		if i := strings.Index(rest.low, again); i >= 0 {
			more := rest.cut(i+len(again), len(rest.text))
			out = append(out, r.rungs(more)...)
			rest = rest.cut(0, i)
		}
	}
	return append(r.rungs(rest), out...)
}

// Words of sentences about a next step, about careers, about the lack of a
// step, and those that name it by a noun.
var (
	moving = newVocabulary(
		"next", "move", "moves", "moving", "transition", "promoted", "promotion", "progress", "advance", "grow", "become", "becoming", "path", "considered",
		"step", "steps", "progression", "flow", "flows", "pursue", "available",
	)
	career    = newVocabulary("role", "roles", "transition", "move", "career")
	undefined = newVocabulary(
		"not yet defined", "not defined", "no next step", "to be defined",
		"not been defined", "not yet have", "yet to be", "tbd", "undefined", "isn't defined", "not currently defined", "n/a",
	)
	nextNouns = newVocabulary("next step", "next steps", "next role", "next level", "next position", "next job family")
)

// nextIs finds "the next step for X is Y".
func nextIs(s passage) (at, end int) {
	if !s.holds(&nextNouns) {
		return -1, 0
	}
	for _, verb := range []string{" is to be ", " is either ", " would be ", " are ", " is ", " include ", ", is "} {
		if i := strings.LastIndex(s.text, verb); i > 0 {
			return i, i + len(verb)
		}
	}
	return -1, 0
}

// rungs reads the titles of an object; "job family" is no part of a title.
func (r *resolver) rungs(p passage) []family.Reference {
	for _, w := range []string{"roles in the ", "roles in ", "a role in the ", "a role as a ", "the role of "} {
		if rest, ok := cutPrefixFold(p.text, w); ok {
			p = p.cut(len(p.text)-len(rest), len(p.text))
		}
	}
	p = clause(p)
	for _, w := range []string{" job famil", " role", " position", " in the ", " within ", " at ", " with ", " to a ", " on ", " through", " from ", " as the ", " as a ", " as they "} {
		if i := strings.Index(p.low, w); i > 0 && !p.linked(i) {
			if w == " role" || w == " job famil" || w == " position" {
				// "the A role or the B role": the word goes, the rest stays.
				p = dropWord(p, i)
				continue
			}
			p = p.cut(0, i)
		}
	}
	if i := strings.IndexByte(p.text, ':'); i > 0 {
		p = p.cut(0, i)
	}
	var out []family.Reference
	for _, ref := range r.titles(p).refs {
		ref.Title = bareRole(ref.Title)
		for _, etc := range []string{"etc", "etc."} {
			if strings.EqualFold(ref.Title, etc) {
				ref.Title = ""
			}
		}
		if ref.Title == "" || len(words(ref.Title)) > 12 || ref.Target == "" && !startsUpper(ref.Title) && !namesRole(ref.Title) {
			continue
		}
		out = append(out, ref)
	}
	return out
}

// dropWord removes "job family", "role" and their plurals at i and every later
// place.
func dropWord(p passage, i int) passage {
	head, tail := p.cut(0, i), p.cut(i, len(p.text))
	n := 1
	for _, w := range []string{" job family", " job families", " roles", " role", " positions", " position"} {
		if _, ok := cutPrefixFold(tail.text, w); ok {
			n = len(w)
			break
		}
	}
	if n == 1 {
		return head
	}
	rest := tail.cut(n, len(tail.text))
	f := strings.TrimSpace(strings.ToLower(rest.text))
	if !strings.HasPrefix(f, "or ") && !strings.HasPrefix(f, "and ") && !strings.HasPrefix(f, ", ") && !strings.HasPrefix(f, ",") {
		return head
	}
	joined := plain(head.text+rest.text, p.span, p.line)
	joined.links = head.links
	for _, m := range rest.links {
		joined.links = append(joined.links, mark{m.start + len(head.text), m.end + len(head.text), m.link})
	}
	return joined
}

// looksMermaid reports whether a code block without a language is a graph.
func looksMermaid(t string) bool {
	t = strings.TrimSpace(t)
	return (strings.HasPrefix(t, "graph ") || strings.HasPrefix(t, "flowchart ")) && strings.Contains(t, "-->")
}

// climb reads the edges of a mermaid graph and gives each to the level that it
// leaves; an edge that leaves no level of the page stays with the ladder.
func (r *resolver) climb(l *family.Ladder, b *syntax.Block) {
	names := map[string]string{}
	type edge struct{ from, to string }
	var edges []edge
	for line := range strings.Lines(b.Text) {
		for stmt := range strings.SplitSeq(line, ";") {
			var prev string
			for k, node := range splitArrows(stmt) {
				id, name := mermaidNode(node)
				if id == "" {
					continue
				}
				if name != "" {
					names[id] = name
				}
				if k > 0 && prev != "" {
					edges = append(edges, edge{prev, id})
				}
				prev = id
			}
		}
	}
	for _, e := range edges {
		from, to := names[e.from], names[e.to]
		if from == "" {
			from = e.from
		}
		if to == "" {
			to = e.to
		}
		l.Edges = append(l.Edges, family.Edge{From: from, To: to, Span: b.Span})
		ref := family.Reference{Title: to, Span: b.Span}
		if s := r.matchAny(from); s != nil {
			s.Ladder.Stated = true
			addReference(&s.Ladder.Next, ref)
		}
	}
}

// splitArrows cuts a statement at its arrows: -->, ---, ==>, -.->, and arrows
// with a text.
func splitArrows(stmt string) []string {
	if !strings.Contains(stmt, "->") && !strings.Contains(stmt, "---") && !strings.Contains(stmt, "=>") {
		return nil
	}
	var out []string
	start, depth := 0, 0
	for i := 0; i < len(stmt); i++ {
		switch stmt[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '-', '=':
			if depth > 0 {
				continue
			}
			j := i
			for j < len(stmt) && strings.IndexByte("-=.>", stmt[j]) >= 0 {
				j++
			}
			if j-i < 3 {
				continue
			}
			out = append(out, stmt[start:i])
			if j < len(stmt) && stmt[j] == '|' {
				if k := strings.IndexByte(stmt[j+1:], '|'); k >= 0 {
					j += k + 2
				}
			}
			start, i = j, j-1
		}
	}
	return append(out, stmt[start:])
}

// mermaidNode splits `id(Label)` and `id["Label"]`.
func mermaidNode(s string) (id, name string) {
	s = strings.TrimSpace(s)
	i := strings.IndexAny(s, "([{")
	if i < 0 {
		return s, ""
	}
	name = strings.Trim(s[i:], "([{}])\"' ")
	name = strings.ReplaceAll(strings.ReplaceAll(name, "<br>", " "), "<br/>", " ")
	if open := strings.Count(name, "(") - strings.Count(name, ")"); open > 0 {
		name += ")"
	}
	return strings.TrimSpace(s[:i]), syntax.Fold(name)
}
