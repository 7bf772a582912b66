package resolve

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// readGrades fills the grades of each level: from its grade section, else from
// the text below its heading, else from a table of the page.
func (r *resolver) readGrades() {
	for _, p := range r.parts {
		if p.kind != family.GradeKind || p.owner == nil {
			continue
		}
		l := p.owner
		if len(l.Grades) == 0 {
			l.Grades = r.gradesOf(p)
		}
		p.prose(func(b *syntax.Block) { l.Unaligned = l.Unaligned || unaligned(b.Text) })
	}
	for _, p := range r.parts {
		if p.owner == nil || len(p.owner.Grades) > 0 || p.owner.Unaligned || p.kind == family.GradeKind {
			continue
		}
		if p.isLevel || p.kind == family.OverviewKind || p.kind == family.CompensationKind || p.kind == family.Unknown || p.pseudo || r.whole && p.depth == 0 {
			p.owner.Grades = r.statedGrades(p)
		}
	}
	r.gradeTables()
}

// unaligned reports whether a text says that there is no grade.
func unaligned(t string) bool {
	return hasWord(t, "not aligned", "no job grade", "not have a job grade", "does not have a grade", "not graded")
}

// statesGrade reports whether the text below a heading states a grade.
func (r *resolver) statesGrade(p *part) bool { return len(r.statedGrades(p)) > 0 }

// gradeWords are the words with which a grade is stated.
var gradeWords = newVocabulary("grade", "grades")

// statedGrades finds "is a grade 7" in the running text of a part.
func (r *resolver) statedGrades(p *part) []family.Grade {
	var out []family.Grade
	take := func(b *syntax.Block) {
		if len(out) > 0 || !gradeWords.in(b) {
			return
		}
		for _, s := range r.passage(b).sentences() {
			if len(out) == 0 && (hasWordIn(s.low, "is", "are", "at") || len(s.text) < 40) {
				out = r.grades(s, false)
			}
		}
	}
	p.prose(take)
	p.items(func(b *syntax.Block, _ int, _ string) { take(b) })
	return out
}

// gradesOf reads a grade section.
func (r *resolver) gradesOf(p *part) []family.Grade {
	var out []family.Grade
	take := func(b *syntax.Block) {
		if len(out) > 0 && !r.whole || unaligned(b.Text) {
			return
		}
		for _, s := range r.passage(b).sentences() {
			g := r.grades(s, true)
			if out = append(out, g...); len(g) > 0 && !r.whole {
				return
			}
		}
	}
	p.prose(take)
	p.items(func(b *syntax.Block, _ int, _ string) { take(b) })
	if len(out) > 0 {
		return out
	}
	walk(p.blocks, func(b *syntax.Block) bool {
		if b.Kind == syntax.Cell && len(out) == 0 && hasWordIn(b.Lower(), "grade") {
			out = r.grades(r.passage(b), true)
		}
		return true
	})
	return out
}

// grades reads the grades that a sentence states. In a grade section a bare
// number counts; elsewhere the word "grade" must stand near it. Facts that
// follow the grade ("and is equivalent to …") are left alone.
func (r *resolver) grades(s passage, section bool) []family.Grade {
	t := s.text
	end := len(t)
	for _, and := range []string{" and is ", " and are ", " and extends ", " and reports ", " equivalent ", " subject to ", " which ", " where ", "; "} {
		if i := strings.Index(s.low, and); i > 0 && strings.ContainsAny(t[:i], "0123456789") {
			end = min(end, i)
		}
	}
	subject := ""
	for _, verb := range []string{" is ", " are ", " can be ", " will be "} {
		if i := strings.Index(s.low, verb); i > 0 && (subject == "" || i < len(subject)) {
			subject = t[:i]
		}
	}
	subject, _ = cutPrefixFold(strings.TrimSpace(subject), "the ")
	var out []family.Grade
	for i := 0; i < end; {
		if t[i] < '0' || t[i] > '9' {
			i++
			continue
		}
		j := i
		for j < len(t) && t[j] >= '0' && t[j] <= '9' {
			j++
		}
		if j+1 < len(t) && t[j] == '.' && t[j+1] >= '0' && t[j+1] <= '9' {
			for j++; j < len(t) && t[j] >= '0' && t[j] <= '9'; j++ {
			}
		}
		if isGrade(t, i, j) && (section || nearGrade(t, i, len(out) > 0)) {
			out = append(out, family.Grade{Value: t[i:j], Span: r.place(s, t[i:j]), Subject: strings.TrimSpace(subject)})
		}
		i = j
	}
	return out
}

// isGrade reports whether the number t[i:j] can be a grade: a small one that
// is part of no other figure.
func isGrade(t string, i, j int) bool {
	if i > 0 && (isWordByte(t[i-1]) || t[i-1] == '$' || t[i-1] == '.') {
		return false
	}
	if j < len(t) && (isWordByte(t[j]) || t[j] == '%' || t[j] == '+') {
		return false
	}
	n := 0
	for _, c := range t[i:j] {
		if c == '.' {
			break
		}
		n = n*10 + int(c-'0')
	}
	if n == 0 || n > 25 {
		return false
	}
	rest := t[j:]
	for _, unit := range []string{" year", " month", " direct", " report", " team", " people", "-year"} {
		if _, ok := cutPrefixFold(rest, unit); ok {
			return false
		}
	}
	return true
}

// nearGrade reports whether the words before a number call it a grade.
func nearGrade(t string, i int, more bool) bool {
	before := fold(t[max(0, i-24):i])
	for _, w := range []string{"grade", "grades", "job grade", "level", "grade level"} {
		if before == w || strings.HasSuffix(before, " "+w) {
			return true
		}
	}
	return more && (strings.HasSuffix(before, " or") || strings.HasSuffix(before, " and") || before == "or" || before == "and" || before == "")
}

// place finds the bytes of a word inside the source of a passage.
func (r *resolver) place(s passage, word string) source.Span {
	raw := string(r.outline.File.Slice(s.span))
	if i := indexWord(raw, strings.ToLower(word)); i >= 0 {
		return source.Span{Start: s.span.Start + i, End: s.span.Start + i + len(word)}
	}
	return s.span
}

// gradeTables reads tables whose rows name roles and a grade, for levels that
// have none.
func (r *resolver) gradeTables() {
	open := false
	for _, l := range r.levels {
		open = open || len(l.Grades) == 0 && !l.Unaligned
	}
	if !open {
		return
	}
	for _, p := range r.parts {
		walk(p.blocks, func(b *syntax.Block) bool {
			if b.Kind == syntax.Table {
				r.gradeTable(b)
			}
			return b.Kind == syntax.Table || b.Kind == syntax.List || b.Kind == syntax.Item || b.Kind == syntax.Quote
		})
	}
}

func (r *resolver) gradeTable(table *syntax.Block) {
	column := -1 // of bare numbers
	for n, row := range table.Children {
		grade, at := r.excess(row), -1
		for i, cell := range row.Children {
			if n == 0 && hasWord(cell.Text, "grade", "level", "job grade") && len(cell.Text) < 24 && !strings.ContainsAny(cell.Text, "0123456789") {
				column = i
			}
			if at >= 0 {
				continue
			}
			s := r.passage(cell)
			bare := len(cell.Text) <= 3 && (column < 0 || column == i)
			if g := r.grades(s, bare || hasWord(cell.Text, "grade") || hasWord(cell.Text, "level")); len(g) > 0 {
				grade, at = &g[0], i
			}
		}
		if grade == nil {
			continue
		}
		for i, cell := range row.Children {
			if i != at {
				r.gradeCell(cell, *grade)
			}
		}
	}
}

// excess reads the grade in a cell beyond the table's header, which Markdown
// drops.
func (r *resolver) excess(row *syntax.Block) *family.Grade {
	raw := string(r.outline.File.Slice(row.Span))
	if len(row.Children) == 0 || strings.Count(strings.Trim(raw, " |"), "|") < len(row.Children) || !hasWord(raw, "grade") {
		return nil
	}
	cells := strings.Split(strings.Trim(raw, " |"), "|")
	for _, cell := range cells[len(row.Children):] {
		text := strings.NewReplacer("[", "", "*", "").Replace(cell)
		if i := strings.Index(text, "]("); i >= 0 {
			text = text[:i]
		}
		if g := r.grades(plain(strings.TrimSpace(text), row.Span, row.Line), true); len(g) > 0 {
			return &g[0]
		}
	}
	return nil
}

// gradeCell gives a grade to the levels that a cell links to or names.
func (r *resolver) gradeCell(cell *syntax.Block, g family.Grade) {
	for _, l := range r.levels {
		if len(l.Grades) > 0 || l.Unaligned {
			continue
		}
		hit := sameKey(l.key, roleKey(cell.Text))
		for _, id := range cell.Links {
			link := r.outline.Links[id]
			hit = hit || l.Slug != "" && strings.TrimLeft(link.Target, "./#") == l.Slug || sameKey(l.key, roleKey(link.Text))
		}
		if hit {
			l.Grades = []family.Grade{g}
		}
	}
}
