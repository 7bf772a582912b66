package press

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
)

// columns are the columns of the CSV, in order. They stay; new ones come at
// the end.
var columns = []string{
	"path", "family", "level", "line", "grades", "track", "reports_to", "reports_to_mode",
	"span_min", "span_max", "span_of", "span_scope", "span_modality",
	"responsibilities", "requirements", "performance_indicators", "effective_responsibilities", "effective_requirements",
	"extends", "ladder", "hiring_scope", "hiring_steps", "hiring_minutes",
}

// CSV writes one row for each level, under a row of column names. Lists are
// joined by "; ". The hiring columns tell of the level's own processes, or of
// the family's if it has none; minutes are those of the steps that state them.
func CSV(w io.Writer, families []*family.Family, find family.Finder) error {
	if find == nil {
		find = family.Find
	}
	out := csv.NewWriter(w)
	if err := out.Write(columns); err != nil {
		return err
	}
	for _, f := range families {
		for _, l := range f.Levels {
			if err := out.Write(row(f, l, find)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func row(f *family.Family, l *family.Level, find family.Finder) []string {
	var low, high, of, scope, modality string
	if m := l.Manages; m != nil {
		low, high, of, scope, modality = number(m.Min), number(m.Max), joined(m.Of), string(m.Scope), string(m.Modality)
	}
	mode := ""
	if len(l.ReportsTo) > 0 {
		mode = string(l.ReportsToMode)
	}
	hiringScope, processes := processesOf(f, l)
	var steps, minutes []string
	for _, h := range processes {
		steps = append(steps, strconv.Itoa(len(h.Steps)))
		minutes = append(minutes, length(h).String())
	}
	return []string{
		f.Path, f.Title, l.Title, strconv.Itoa(l.Line), joined(grades(l)), string(l.Track), joined(titles(l.ReportsTo)), mode,
		low, high, of, scope, modality,
		strconv.Itoa(l.Responsibilities.Count()), strconv.Itoa(l.Requirements.Count()), strconv.Itoa(l.Indicators.Count()),
		strconv.Itoa(len(f.Effective(l, family.ResponsibilitiesOf, find))), strconv.Itoa(len(f.Effective(l, family.RequirementsOf, find))),
		joined(extended(l)), joined(titles(l.Ladder.Next)), hiringScope, joined(steps), joined(minutes),
	}
}

func joined(list []string) string { return strings.Join(list, "; ") }

func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// processesOf returns the hiring processes of a level: its own, or else those
// of the family.
func processesOf(f *family.Family, l *family.Level) (scope string, own []*family.Process) {
	var wide []*family.Process
	for _, h := range f.Hiring {
		switch h.Level {
		case l.Title:
			own = append(own, h)
		case "":
			wide = append(wide, h)
		}
	}
	switch {
	case len(own) > 0:
		return "level", own
	case len(wide) > 0:
		return "family", wide
	}
	return "", nil
}

// length adds up the minutes of the steps that state them; a step that is held
// several times counts as often.
func length(h *family.Process) family.Minutes {
	var sum family.Minutes
	for _, s := range h.Steps {
		if s.Minutes != nil {
			sum.Min += s.Minutes.Min * s.Count
			sum.Max += s.Minutes.Max * s.Count
		}
	}
	return sum
}
