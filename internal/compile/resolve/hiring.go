package resolve

import (
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// readHiring reads each hiring process with the headings inside it ("Round
// 1").
func (r *resolver) readHiring() {
	for i := 0; i < len(r.parts); i++ {
		p := r.parts[i]
		if p.kind != family.HiringKind {
			continue
		}
		h := &family.Process{Title: p.title, Line: p.line, Span: p.span}
		if p.owner != nil {
			h.Level = p.owner.Title
		}
		w := stepReader{resolver: r, process: h}
		w.part(p, "")
		for i+1 < len(r.parts) && r.insideProcess(p, r.parts[i+1]) {
			i++
			q := r.parts[i]
			if !w.described(q) {
				w.heading(q)
				w.part(q, q.title)
			}
		}
		w.finish()
		if len(h.Steps) > 0 || len(h.Prose) > 0 {
			r.family.Hiring = append(r.family.Hiring, h)
		}
	}
}

// insideProcess reports whether part q goes on with the process p: "Round 1"
// may even stand beside its heading.
func (r *resolver) insideProcess(p, q *part) bool {
	if q.isLevel || q.spec != nil {
		return false
	}
	if q.kind == family.Unknown || q.kind == family.GroupKind || q.kind == family.OverviewKind {
		return q.depth > p.depth || round(q.title)
	}
	return q.kind == family.HiringKind && q.depth > p.depth && q.pseudo
}

// round reports whether a heading counts rounds of interviews.
func round(title string) bool {
	f := fold(title)
	for _, w := range []string{"round ", "stage ", "step ", "phase "} {
		if rest, ok := strings.CutPrefix(f, w); ok && rest != "" && (rest[0] >= '0' && rest[0] <= '9' || smallNumber(rest) > 0) {
			return true
		}
	}
	return false
}

// A stepReader collects the steps of one process.
type stepReader struct {
	*resolver
	process *family.Process
	paras   []candidate // paragraphs that may be steps if no list is there
}

// A candidate is a paragraph, or a line of one, that may be a step.
type candidate struct {
	p     passage
	links []int
	group string
}

// part reads the lists and paragraphs of one part.
func (w *stepReader) part(p *part, group string) {
	for _, b := range p.blocks {
		switch b.Kind {
		case syntax.List:
			w.list(b, group)
		case syntax.Paragraph:
			switch {
			case b.Bold || strings.HasSuffix(b.Text, ":") && len(b.Text) < 80 && !isStep(b.Text):
				group = trimEnd(b.Text)
				w.frame(b)
			case framing(b.Text) && !hidesStep(b):
				w.frame(b)
			default:
				w.paragraph(b, group)
			}
		case syntax.Table:
			w.table(b, group)
		}
	}
}

// described reads a heading that is a step ("Peer Interview") with paragraphs
// below it that describe it.
func (w *stepReader) described(p *part) bool {
	if p.kind != family.Unknown || p.pseudo || round(p.title) || kindOf(p.title) == family.OtherStep || len(words(p.title)) > 8 {
		return false
	}
	var first *syntax.Block
	var all []string
	for _, b := range p.blocks {
		switch b.Kind {
		case syntax.Paragraph:
			if framing(b.Text) {
				w.frame(b)
				continue
			}
			if first == nil {
				first = b
			}
			all = append(all, b.Text)
		case syntax.List:
			if first == nil {
				return false
			}
		}
	}
	if first == nil {
		return false
	}
	s := w.add(w.passage(first), first.Links, "")
	s.Group = p.title
	if k := kindOf(p.title); k != family.OtherStep {
		s.Kind = k
	}
	if whole := strings.Join(all, ". "); s.Minutes == nil {
		s.Minutes = minutes(whole)
	}
	if s.Panel = s.Panel || hasWord(p.title, "panel"); s.Panel && len(s.Interviewers) > 0 {
		s.Mode = family.All
	}
	return true
}

func (w *stepReader) frame(b *syntax.Block) {
	w.process.Prose = append(w.process.Prose, text(b))
}

// heading takes a heading that is itself a step: "Screening call with
// Recruiter" without a list below it.
func (w *stepReader) heading(p *part) {
	if p.pseudo || p.hasItems() || round(p.title) {
		return
	}
	if k := kindOf(p.title); k == family.OtherStep || strings.HasSuffix(fold(p.title), "process") {
		return
	}
	w.add(plain(p.title, p.span, p.line), nil, "")
}

// list reads the items of a list as steps. An item whose own items are steps
// is none itself.
func (w *stepReader) list(b *syntax.Block, group string) {
	for _, it := range b.Children {
		if it.Kind != syntax.Item {
			continue
		}
		var inner []*syntax.Block
		for _, c := range it.Children {
			if c.Kind == syntax.List {
				inner = append(inner, c)
			}
		}
		if len(inner) > 0 && holdsSteps(inner) {
			g := trimEnd(it.Text)
			for _, c := range inner {
				w.list(c, g)
			}
			continue
		}
		if strings.HasSuffix(it.Text, ":") && len(it.Children) < 2 && !strings.ContainsAny(it.Text, "0123456789") {
			group = trimEnd(it.Text) // announces the items that follow
			w.process.Prose = append(w.process.Prose, family.Text{Text: stop(it.Text), Span: it.Span})
			continue
		}
		w.item(it, group)
	}
}

// holdsSteps reports whether the items below an item are steps of their own:
// each of them says that something happens, while the outer one only gathers
// them.
func holdsSteps(inner []*syntax.Block) bool {
	steps, all := 0, 0
	for _, l := range inner {
		for _, c := range l.Children {
			all++
			if isStep(c.Text) {
				steps++
			}
		}
	}
	return steps > 0 && steps == all
}

// item reads one list item; lines of framing that are glued to its end are
// left out.
func (w *stepReader) item(it *syntax.Block, group string) {
	p := w.passage(it)
	if len(it.Children) > 0 && it.Children[0].Kind == syntax.Paragraph {
		para := it.Children[0]
		if n := len(para.Lines); n > 1 && !framing(para.Lines[0].Text) {
			end := 0
			for k, l := range para.Lines {
				if k > 0 && framing(l.Text) {
					break
				}
				end += len(l.Text)
				if k > 0 {
					end++
				}
			}
			if end < len(p.text) && end > 0 {
				w.process.Prose = append(w.process.Prose, family.Text{Text: stop(p.text[end:]), Span: it.Span})
				p = p.cut(0, end)
			}
		}
	}
	if p.text == "" {
		return
	}
	if framing(p.text) {
		w.process.Prose = append(w.process.Prose, family.Text{Text: stop(p.text), Span: it.Span})
		return
	}
	s := w.add(p, it.Links, group)
	if n := len(it.Strong); n > 0 && n < len(p.text) && strings.HasPrefix(p.text, it.Strong) && isStep(it.Strong) {
		w.leadIn(s, p.cut(0, n))
	}
}

// leadIn types a step whose bold beginning says what happens: "**Interview with
// the Yard Manager** In this talk …".
func (w *stepReader) leadIn(s *family.Step, lead passage) {
	s.Kind = kindOf(lead.text)
	if who := w.interviewers(lead, s); len(who.refs) > 0 {
		s.Interviewers, s.Mode = who.refs, who.mode
	}
}

// paragraph reads a paragraph between the lists. Each of its lines may be a
// step; a whole paragraph is one if it says what happens.
func (w *stepReader) paragraph(b *syntax.Block, group string) {
	p := w.passage(b)
	lines := 0
	for _, l := range b.Lines {
		if isStep(l.Text) && !framing(l.Text) {
			lines++
		}
	}
	if (len(b.Lines) > 1 && lines == len(b.Lines) || lines > 1) && !midSentence(b.Lines) {
		at := 0
		for _, l := range b.Lines {
			i := strings.Index(p.text[at:], l.Text)
			if i < 0 {
				continue
			}
			q := p.cut(at+i, at+i+len(l.Text))
			at += i + len(l.Text)
			q.line, q.span = l.Line, l.Span
			if isStep(q.text) && !framing(q.text) {
				w.paras = append(w.paras, candidate{q, b.Links, group})
			} else {
				w.process.Prose = append(w.process.Prose, family.Text{Text: stop(q.text), Span: q.span})
			}
		}
		return
	}
	if framing(p.text) { // a step hides behind framing sentences
		for _, s := range p.sentences() {
			if !framing(s.text) && isStep(s.text) {
				s.line = w.lineOf(b, s.text)
				w.paras = append(w.paras, candidate{s, b.Links, group})
				return
			}
		}
		w.frame(b)
		return
	}
	if isStep(p.text) {
		w.paras = append(w.paras, candidate{p, b.Links, group})
		return
	}
	w.frame(b)
}

// midSentence reports whether a line goes on with the sentence above.
func midSentence(lines []syntax.Line) bool {
	for _, l := range lines[1:] {
		if c := l.Text[0]; c >= 'a' && c <= 'z' {
			return true
		}
	}
	return false
}

// lineOf finds the line of a paragraph that holds the beginning of a text.
func (w *stepReader) lineOf(b *syntax.Block, t string) int {
	head := t[:min(len(t), 20)]
	for _, l := range b.Lines {
		if strings.Contains(l.Text, head) {
			return l.Line
		}
	}
	return b.Line
}

// table reads a table whose rows are steps. A column may tell who meets the
// candidate.
func (w *stepReader) table(b *syntax.Block, group string) {
	column := -1
	for n, row := range b.Children {
		var cells []string
		for i, c := range row.Children {
			if n == 0 && hasWord(c.Text, "who", "interviewer", "interviewers", "with") {
				column = i
			}
			if c.Text != "" {
				cells = append(cells, c.Text)
			}
		}
		t := strings.Join(cells, ". ")
		if n == 0 && column >= 0 || !isStep(t) || column < 0 && !strings.ContainsAny(t, "0123456789") {
			continue
		}
		s := w.add(plain(t, row.Span, row.Line), nil, group)
		if column >= 0 && column < len(row.Children) {
			if who := w.titles(whom(w.passage(row.Children[column]))); len(who.refs) > 0 {
				s.Interviewers, s.Mode = peopleOnly(who.refs), who.mode
			}
		}
	}
}

// finish adds the paragraphs that are steps, in the order of the page.
func (w *stepReader) finish() {
	had := len(w.process.Steps) > 0
	for _, c := range w.paras {
		if had && !strongStep(c.p.text) {
			w.process.Prose = append(w.process.Prose, family.Text{Text: stop(c.p.text), Span: c.p.span})
			continue
		}
		w.add(c.p, c.links, c.group)
	}
	steps := w.process.Steps
	for i := 1; i < len(steps); i++ {
		for j := i; j > 0 && steps[j].Line < steps[j-1].Line; j-- {
			steps[j], steps[j-1] = steps[j-1], steps[j]
		}
	}
}

// strongStep reports whether a paragraph beside a list is a step too and no
// remark about the list.
func strongStep(t string) bool {
	f := fold(t)
	for _, s := range []string{"interview with", "successful candidates", "if approved", "next ", "finally", "then ", "candidates will then", "its possible you may", "you will", "qualified candidates", "selected candidates", "final "} {
		if strings.HasPrefix(f, s) {
			return true
		}
	}
	return false
}

// add types a step.
func (w *stepReader) add(p passage, links []int, group string) *family.Step {
	s := &family.Step{Line: p.line, Span: p.span, Text: stop(p.text), Group: group, Count: 1, Mode: family.Any, Links: links}
	w.typeStep(s, p)
	if !w.WithoutIDs {
		s.ID = stepID(w.process, group, p.text)
	}
	if s.Span == (source.Span{}) {
		s.Span = w.process.Span
	}
	w.process.Steps = append(w.process.Steps, s)
	return s
}

// stepID identifies a step by its process, its group and its text, so that it
// stays when lines move.
func stepID(process *family.Process, group, text string) string {
	id := identity(process.Level, group, text)
	for _, e := range process.Steps {
		if e.ID == id {
			return id + "-" + strconv.Itoa(len(process.Steps))
		}
	}
	return id
}
