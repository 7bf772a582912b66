package lint

import (
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// misspeltHeading finds headings that miss the name of a kind of section by a
// few letters. Readers see what is meant; links and other programs do not.
var misspeltHeading = Rule{
	Code:     "CAD105",
	Name:     "misspelt-heading",
	Title:    "The name of a kind of section is spelled right.",
	Severity: diag.Warning,
	Origin:   "JF104",
	Page: func(p *PagePass) {
		if !p.IsFamily {
			return
		}
		for _, s := range p.Family.Sections {
			if s.Kind == family.LevelKind || s.Kind == family.SpecialtyKind || s.Title == "" {
				continue
			}
			for word := range strings.FieldsFuncSeq(s.Title, func(r rune) bool { return !isWordByte(byte(min(r, 0x80))) }) {
				if meant, ok := misspelt(strings.ToLower(word)); ok {
					p.Report(s.Span, diag.Finding{
						Message: fmt.Sprintf("%q in the heading %q looks like a slip for %q", word, s.Title, meant),
						Hint:    "correct it, and the links that use its anchor",
					})
				}
			}
		}
	},
}

// sectionWords are the long words of which the names of sections consist, and
// otherWords their neighbours that are right as they are.
var (
	sectionWords = []string{
		"responsibilities", "requirements", "performance", "indicators", "specialties", "references", "qualifications", "hiring", "process", "career", "ladder",
	}
	otherWords = []string{
		"responsibility", "requirement", "requires", "required", "indicator", "specialities", "speciality", "specialty", "specialist", "specialists",
		"specializations", "specialisations", "specialization", "specialisation", "preferences", "preference", "reference", "qualification",
		"performances", "performing", "processes", "processing", "processed", "precess", "careers", "ladders", "hire", "hires", "firing",
		"leader", "header", "carer", "progress",
	}
)

// misspelt returns the word that a lower-case word misses by a few letters.
func misspelt(word string) (string, bool) {
	if len(word) < 6 || word[0] == 'i' && len(word) < 8 {
		return "", false
	}
	for _, list := range [][]string{sectionWords, otherWords} {
		for _, w := range list {
			if w == word {
				return "", false
			}
		}
	}
	for _, w := range sectionWords {
		// Slips rarely hit the first letter, and short words have many neighbours.
		if w[0] != word[0] || len(w)-len(word) > 3 || len(word)-len(w) > 3 || len(w) < 8 && !swapped(word, w) {
			continue
		}
		if near, ok := nearest.Word(word, []string{w}); ok && near == w {
			return w, true
		}
	}
	return "", false
}

// swapped reports whether two words have the same letters.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	var count [256]int
	for i := range len(a) {
		count[a[i]]++
		count[b[i]]--
	}
	return count == [256]int{}
}
