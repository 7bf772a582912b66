package press

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// Markdown writes a summary of each family for people: its levels as a table,
// its ladder, specialties and hiring processes.
func Markdown(w io.Writer, families []*family.Family, find family.Finder) error {
	if find == nil {
		find = family.Find
	}
	buffered := bufio.NewWriter(w)
	s := summary{out: buffered, find: find}
	for i, f := range families {
		if i > 0 {
			s.line("")
		}
		s.family(f)
	}
	return buffered.Flush()
}

// A summary writes Markdown; errors stay in the buffered writer.
type summary struct {
	out  *bufio.Writer
	find family.Finder
}

func (s *summary) line(format string, args ...any) {
	fmt.Fprintf(s.out, format+"\n", args...)
}

// table writes a table, or nothing if it has no rows.
func (s *summary) table(title string, head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	s.line("\n## %s\n", title)
	s.line("| %s |", strings.Join(head, " | "))
	s.line("|%s", strings.Repeat(" --- |", len(head)))
	for _, r := range rows {
		for i := range r {
			r[i] = cell(r[i])
		}
		s.line("| %s |", strings.Join(r, " | "))
	}
}

// cell keeps a text inside its cell.
func cell(t string) string { return strings.ReplaceAll(t, "|", `\|`) }

func (s *summary) family(f *family.Family) {
	s.line("# %s\n", f.Title)
	s.line("`%s`", f.Path)
	if f.Description != "" {
		s.line("\n%s", f.Description)
	}
	s.levels(f)
	s.ladder(f)
	s.specialties("Specialties", f.Specialties)
	s.specialties("Segments", f.Segments)
	for _, h := range f.Hiring {
		s.process(h)
	}
}

func (s *summary) levels(f *family.Family) {
	var rows [][]string
	for _, l := range f.Levels {
		rows = append(rows, []string{
			l.Title, gradeWords(l), people(l.ReportsTo, l.ReportsToMode), spanWords(l.Manages),
			s.counts(f, l, &l.Responsibilities, family.ResponsibilitiesOf), s.counts(f, l, &l.Requirements, family.RequirementsOf),
			strconv.Itoa(l.Indicators.Count()), strings.Join(titles(l.Ladder.Next), ", "),
		})
	}
	s.table("Levels", []string{"Level", "Grade", "Reports to", "Manages", "Responsibilities", "Requirements", "Indicators", "Next step"}, rows)
	d, q, i := f.Responsibilities.Count(), f.Requirements.Count(), f.Indicators.Count()
	if d+q+i > 0 {
		s.line("\nFor all levels: %s, %s, %s.", responsibilities(d), requirements(q), counted(i, "performance indicator", "performance indicators"))
	}
}

// counts tells how many duties a level states, and how many it has with what
// it inherits and what is the family's.
func (s *summary) counts(f *family.Family, l *family.Level, d *family.Duties, what family.What) string {
	own, all := d.Count(), len(f.Effective(l, what, s.find))
	if all == own {
		return strconv.Itoa(own)
	}
	return fmt.Sprintf("%d (in force %d)", own, all)
}

func (s *summary) ladder(f *family.Family) {
	next := strings.Join(titles(f.Ladder.Next), ", ")
	if next == "" && len(f.Ladder.Edges) == 0 {
		return
	}
	s.line("\n## Career ladder\n")
	if next != "" {
		s.line("Next: %s", next)
	}
	for _, e := range f.Ladder.Edges {
		s.line("* %s → %s", e.From, e.To)
	}
}

func (s *summary) specialties(title string, list []*family.Specialty) {
	if len(list) == 0 {
		return
	}
	s.line("\n## %s\n", title)
	for _, x := range list {
		var about []string
		if x.Level != "" {
			about = append(about, "of "+x.Level)
		}
		if len(x.ReportsTo) > 0 {
			about = append(about, "reports to "+people(x.ReportsTo, x.ReportsToMode))
		}
		if n := x.Responsibilities.Count(); n > 0 {
			about = append(about, responsibilities(n))
		}
		if n := x.Requirements.Count(); n > 0 {
			about = append(about, requirements(n))
		}
		text := x.Title
		if len(about) > 0 {
			text += ": " + strings.Join(about, "; ")
		}
		indent := ""
		if x.Parent != "" {
			indent = "  "
		}
		s.line("%s* %s", indent, text)
	}
}

func (s *summary) process(h *family.Process) {
	var rows [][]string
	for i, x := range h.Steps {
		minutes := ""
		if x.Minutes != nil {
			minutes = x.Minutes.String()
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), stepWords(x), minutes, people(x.Interviewers, x.Mode)})
	}
	of := "all levels"
	if h.Level != "" {
		of = h.Level
	}
	s.table("Hiring process: "+of, []string{"#", "Step", "Minutes", "With"}, rows)
	if sum := length(h); sum.Max > 0 {
		s.line("\nStated in all: %s minutes.", sum)
	}
}

// stepWords tell what happens in a step: "interview, 3 times, panel, optional".
func stepWords(x *family.Step) string {
	words := []string{string(x.Kind)}
	if x.Count > 1 {
		words = append(words, fmt.Sprintf("%d times", x.Count))
	}
	if x.Panel {
		words = append(words, "panel")
	}
	if x.Optional {
		words = append(words, "optional")
	}
	if x.Group != "" {
		words = append(words, x.Group)
	}
	return strings.Join(words, ", ")
}

func responsibilities(n int) string { return counted(n, "responsibility", "responsibilities") }
func requirements(n int) string     { return counted(n, "requirement", "requirements") }

func counted(n int, one, many string) string {
	if n == 1 {
		many = one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func gradeWords(l *family.Level) string {
	if l.Unaligned {
		return "none"
	}
	return strings.Join(grades(l), ", ")
}

// people joins titles as the mode says.
func people(refs []family.Reference, mode family.Mode) string {
	if mode == family.All {
		return strings.Join(titles(refs), " and ")
	}
	return strings.Join(titles(refs), " or ")
}

// spanWords tell how many a level manages: "typically 2-4 Planners".
func spanWords(m *family.Manages) string {
	if m == nil {
		return ""
	}
	figure := ""
	switch {
	case m.Min != nil && m.Max != nil:
		figure = family.Minutes{Min: *m.Min, Max: *m.Max}.String()
	case m.Min != nil:
		figure = "at least " + strconv.Itoa(*m.Min)
	case m.Max != nil:
		figure = "up to " + strconv.Itoa(*m.Max)
	}
	words := []string{figure, strings.Join(m.Of, ", ")}
	if m.Modality == family.Typical {
		words = append([]string{"typically"}, words...)
	}
	if m.Scope == family.Total {
		words = append(words, "in all")
	}
	return strings.Join(words, " ")
}
