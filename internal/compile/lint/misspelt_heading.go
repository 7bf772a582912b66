package lint

import (
	"fmt"
	"slices"
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
			// What stands before the name of the kind is the name of a role.
			title := strings.TrimSpace(strings.TrimPrefix(s.Title, s.Prefix))
			if s.Kind == family.Unknown {
				if meant, ok := misspeltPhrase(strings.ToLower(title)); ok {
					p.reportSlip(s, title, meant)
					continue
				}
			}
			for word := range strings.FieldsFuncSeq(title, func(r rune) bool { return !isWordByte(byte(min(r, 0x80))) }) {
				if meant, ok := misspelt(word); ok {
					p.reportSlip(s, word, meant)
				}
			}
		}
	},
}

func (p *PagePass) reportSlip(s *family.Section, written, meant string) {
	p.Report(s.Span, diag.Finding{
		Message: fmt.Sprintf("%q in the heading %q looks like a slip for %q", written, s.Title, meant),
		Hint:    "correct it, and the links that use its anchor",
	})
}

// sectionWords are the long words of which the names of sections consist, and
// otherWords their neighbours that are right as they are. sectionPhrases are
// the names whose words are too short to be told alone.
var (
	sectionWords   = []string{"responsibilities", "requirements", "performance", "indicators", "specialties", "references", "qualifications"}
	sectionPhrases = []string{"hiring process", "career ladder", "job grade", "levels"}
	otherWords     = []string{
		"responsibility", "requirement", "requires", "required", "indicator", "specialities", "speciality", "specialty", "specialist", "specialists",
		"specializations", "specialisations", "specialization", "specialisation", "preferences", "reference", "qualification", "performances", "performing",
	}
)

// misspeltPhrase returns the name of a section that a lower-case title misses
// by a few letters.
func misspeltPhrase(title string) (string, bool) {
	title = strings.TrimRight(title, ":")
	for _, phrase := range sectionPhrases {
		if title == "" || title[0] != phrase[0] || len(title)-len(phrase) > 2 || len(phrase)-len(title) > 2 {
			continue
		}
		if near, ok := nearest.Word(title, []string{phrase}); ok && near != title && sameWords(strings.ReplaceAll(title, " ", "-"), strings.ReplaceAll(phrase, " ", "-")) {
			return near, true
		}
	}
	return "", false
}

// misspelt returns the word that a word misses by a few letters. Slips rarely hit
// the first letter.
func misspelt(word string) (string, bool) {
	if len(word) < 8 || !slices.ContainsFunc(sectionWords, func(w string) bool { return w[0] == word[0]|0x20 }) {
		return "", false
	}
	word = strings.ToLower(word)
	if slices.Contains(sectionWords, word) || slices.Contains(otherWords, word) {
		return "", false
	}
	for _, w := range sectionWords {
		if w[0] != word[0] || len(w)-len(word) > 3 || len(word)-len(w) > 3 {
			continue
		}
		if _, near := nearest.Word(word, []string{w}); near {
			return w, true
		}
	}
	return "", false
}
