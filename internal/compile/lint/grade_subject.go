package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
)

// gradeSubject wants the sentence that states a grade to speak of the level
// that it stands below. A copied section often speaks of another one.
var gradeSubject = Rule{
	Code:     "CAD321",
	Name:     "grade-subject",
	Title:    "The sentence that states a grade names the level itself.",
	Severity: diag.Warning,
	Origin:   "JF030",
	Page:     checkGradeSubject,
}

func checkGradeSubject(p *PagePass) {
	for _, l := range p.levels() {
		for i, g := range l.Grades {
			if g.Subject == "" || i > 0 || len(l.Grades) > 1 && g.Subject != l.Grades[1].Subject || !p.otherCalling(l.Title, g.Subject) {
				continue
			}
			p.Report(g.Span, diag.Finding{
				Message: fmt.Sprintf("the grade of %q is stated for %q", l.Title, g.Subject),
				Hint:    "name the level as its heading does, and check that the grade is its own",
				Related: []diag.Related{p.Related(p.levelSpan(l), "the level")},
			})
		}
	}
}

// otherCalling reports whether a subject names another role than a title: its
// rank differs, or it is about something else altogether. A short heading
// ("Senior") and a full name of the same rank agree.
func (p *PagePass) otherCalling(title, subject string) bool {
	if strings.ContainsAny(title, "/&") || strings.ContainsAny(subject, "/&") || strings.Contains(subject, " or ") || abbreviates(title, subject) || pointsAt(subject) {
		return false
	}
	a, b := p.calling(flat(title)), p.calling(flat(subject))
	if len(b.rank) == 0 && (len(b.about) == 0 || subject[0] >= 'a' && subject[0] <= 'z') {
		return false // "this person", "roles described below"
	}
	if !slices.Equal(a.rank, b.rank) && !slices.Equal(p.calling(withoutBrackets(title)).rank, b.rank) {
		return true
	}
	return len(a.about) > 0 && len(b.about) > 0 && !overlaps(a.about, b.about)
}

// pointsAt reports whether a subject points at the level instead of naming it:
// "This role", "Each of them".
func pointsAt(subject string) bool {
	first, _, _ := strings.Cut(subject, " ")
	switch strings.ToLower(first) {
	case "this", "these", "that", "those", "it", "they", "each", "every", "all", "both":
		return true
	}
	return false
}

// abbreviates reports whether a subject is the abbreviation that a title gives
// in brackets, or made of the first letters of the title's words.
func abbreviates(title, subject string) bool {
	subject = withoutBrackets(subject)
	if subject == "" || strings.Contains(title, "("+subject+")") {
		return true
	}
	last := subject[strings.LastIndexByte(subject, ' ')+1:]
	return len(last) > 1 && strings.HasSuffix(initials(title), last)
}

// initials returns the capitals with which the words of a title begin.
func initials(title string) string {
	var letters []byte
	begins := true
	for i := range len(title) {
		c := title[i]
		if begins && c >= 'A' && c <= 'Z' {
			letters = append(letters, c)
		}
		begins = c == ' ' || c == ',' || c == '-'
	}
	return string(letters)
}

// flat takes the brackets away from a title, but not what they hold: "Berth
// Planner (Senior)" is a senior one.
func flat(title string) string {
	if strings.IndexByte(title, '(') < 0 && strings.IndexByte(title, ')') < 0 {
		return title
	}
	return strings.NewReplacer("(", " ", ")", " ").Replace(title)
}
