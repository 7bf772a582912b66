package policy

import (
	"cmp"
	"slices"
	"strings"
)

// CompareGrades orders two grades, which are decimals such as "9" or "9.5". A
// text that is no decimal stands before all grades.
func CompareGrades(a, b string) int {
	aw, af, aok := decimal(a)
	bw, bf, bok := decimal(b)
	if !aok || !bok {
		return cmp.Compare(truth(aok), truth(bok))
	}
	return cmp.Or(
		cmp.Compare(len(aw), len(bw)),
		cmp.Compare(aw, bw),
		cmp.Compare(af, bf),
	)
}

// decimal cuts a grade into its whole part without leading zeros and its
// fraction without trailing ones.
func decimal(s string) (whole, fraction string, ok bool) {
	whole, fraction, _ = strings.Cut(s, ".")
	digits := func(s string) bool {
		return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	}
	ok = whole != "" && digits(whole) && digits(fraction)
	return strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0"), ok
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A rankedTitle is a title of the scale, as lower-case words.
type rankedTitle struct {
	words []string
	grade string
}

// rankTitles lists the titles of the management track, those with the most
// words first, so that "Senior Director" is found before "Director".
func (p *Pack) rankTitles() []rankedTitle {
	var list []rankedTitle
	for _, g := range p.Grades.Scale {
		for _, t := range g.Management {
			list = append(list, rankedTitle{titleWords(t), g.Value})
		}
	}
	weight := func(t rankedTitle) int {
		if slices.Contains(t.words, "*") {
			return len(t.words) - 1
		}
		return len(t.words)
	}
	slices.SortStableFunc(list, func(a, b rankedTitle) int { return cmp.Compare(weight(b), weight(a)) })
	return list
}

// rankWords returns the words of all titles of the scale.
func (p *Pack) rankWords() map[string]bool {
	words := map[string]bool{}
	for _, g := range p.Grades.Scale {
		for _, t := range slices.Concat(g.Management, g.Individual) {
			for _, w := range titleWords(t) {
				words[w] = w != "*"
			}
		}
	}
	return words
}

// IsRank reports whether a lower-case word of a title says how high a level
// is, and nothing of what it does.
func (p *Pack) IsRank(word string) bool { return p.ranks()[word] }

// TitleGrade returns the grade that a manager's title usually holds on the
// scale, and the words of the title that tell it ("senior director"); it
// returns two empty texts for other titles. Who serves somebody ("assistant to
// the director") does not hold that person's grade.
func (p *Pack) TitleGrade(title string) (grade, rank string) {
	words := titleWords(title)
	if i := slices.Index(words, "to"); i >= 0 {
		words = words[:i]
	}
	for _, t := range p.titles() {
		if holds(words, t.words) {
			return t.grade, strings.Join(t.words, " ")
		}
	}
	return "", ""
}

// holds reports whether the words of a rank stand in the words of a title, one
// behind the other; "*" stands for one or more words.
func holds(words, rank []string) bool {
	star := slices.Index(rank, "*")
	if star < 0 {
		return indexWords(words, rank) >= 0
	}
	i := indexWords(words, rank[:star])
	return i >= 0 && i+star < len(words) && indexWords(words[i+star+1:], rank[star+1:]) >= 0
}

// indexWords returns where part begins in words, or -1.
func indexWords(words, part []string) int {
	for i := 0; i+len(part) <= len(words); i++ {
		if slices.Equal(words[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// titleWords returns the lower-case words of a title, in the singular and
// without abbreviations of ranks.
func titleWords(title string) []string {
	words := strings.FieldsFunc(strings.ToLower(title), func(r rune) bool {
		return r == ' ' || r == ',' || r == '(' || r == ')' || r == '/' || r == '.' || r == '\u00a0' || r == ':' || r == '-'
	})
	for i, w := range words {
		switch w {
		case "sr":
			words[i] = "senior"
		case "vps", "directors", "managers", "officers", "presidents":
			words[i] = strings.TrimSuffix(w, "s")
		}
	}
	return words
}
