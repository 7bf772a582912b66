package resolve

import (
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// phrases are the spellings of section headings, folded, by kind. A heading
// that ends in one is of that kind, and what stands before it names whose
// section it is: "Senior Planner Responsibilities". Longer phrases are tried
// before shorter ones, so "nice to have requirements" are no requirements.
var phrases = []struct {
	kind family.Kind
	list []string
}{
	{family.NiceKind, []string{
		"nice to have requirements", "nice to have requirement", "nice to haves", "nice to have", "nice to have skills",
		"preferred requirements", "preferred qualifications", "preferred skills", "preferred experience", "preferred",
		"bonus points", "bonus skills", "desirable", "desired skills", "other helpful experience", "helpful experience", "pluses", "good to have",
	}},
	{family.BothKind, []string{"responsibilities and requirements", "requirements and responsibilities", "responsibilities & requirements"}},
	{family.GradeKind, []string{"job grades", "job grade", "job level", "grade level", "pay grade", "grades", "grade"}},
	{family.LadderKind, []string{
		"career ladders", "career ladder", "career paths", "career path", "career pathway", "career progression",
		"moving to and moving from", "next step", "next steps in your career", "job ladder",
	}},
	{family.HiringKind, []string{
		"hiring process", "hiring processes", "interview process", "interviewing process", "interview processes", "recruitment process",
		"recruiting process", "selection process", "application process", "hiring plan", "interview plan", "hiring steps", "interview steps",
		"hiring process and steps", "interview team", "interview team and focus areas",
	}},
	{family.IndicatorsKind, []string{
		"key performance indicators pi", "performance indicators pi", "performance indicators pis", "performance indicators kpis",
		"key performance indicators", "key performance indicator", "performance indicators", "performance indicator", "kpis",
		"key metrics", "success metrics", "primary performance indicator for the role",
	}},
	{family.RequirementsKind, []string{
		"must have requirements", "must haves", "must have", "requirements", "requirement", "qualifications", "required skills",
		"required experience", "requires skills experience", "skills and experience", "professional experience", "requires",
		"you may be a fit to this role if you", "you may be a fit if you", "you should apply if", "you might be a fit if",
		"about you", "who you are", "what youll need", "what you will need", "what you need", "what we look for", "what were looking for", "skills",
	}},
	{family.ResponsibleKind, []string{
		"responsibilities", "responsibility", "key duties", "duties", "what youll do", "what you will do", "what you do",
		"accountabilities", "main tasks", "expectations",
	}},
	{family.SpecialtiesKind, []string{"specialties", "specialities", "specializations", "specialisations", "specialty", "speciality", "specialization"}},
	{family.SegmentsKind, []string{"segments", "segment"}},
	{family.LevelsKind, []string{"job levels", "levels and roles", "levels", "level"}},
}

// whole are spellings that count only as the whole heading.
var whole = map[string]family.Kind{
	"references": family.ReferencesKind, "links": family.ReferencesKind, "relevant links": family.ReferencesKind,
	"related links": family.ReferencesKind, "useful links": family.ReferencesKind, "further reading": family.ReferencesKind,
	"see also": family.ReferencesKind, "resources": family.ReferencesKind, "additional resources": family.ReferencesKind,
	"overview": family.OverviewKind, "summary": family.OverviewKind, "intro": family.OverviewKind, "introduction": family.OverviewKind,
	"role": family.OverviewKind, "the role": family.OverviewKind, "about the role": family.OverviewKind, "description": family.OverviewKind,
	"job description": family.OverviewKind, "role description": family.OverviewKind, "role summary": family.OverviewKind, "background": family.OverviewKind,
	"compensation": family.CompensationKind, "compensation calculator": family.CompensationKind, "pay": family.CompensationKind,
	"on this page": family.ContentsKind, "contents": family.ContentsKind, "table of contents": family.ContentsKind, "toc": family.ContentsKind,
	"activities": family.ActivitiesKind, "roles": family.LevelsKind, "job titles": family.LevelsKind,
	"leadership": family.GroupKind, "management": family.GroupKind, "individual contributor": family.GroupKind, "individual contributors": family.GroupKind,
	"individual contributor roles": family.GroupKind, "people managers": family.GroupKind, "management roles": family.GroupKind,
}

// A label is what a heading says about its section.
type label struct {
	kind   family.Kind
	prefix string // as written: whose section, or which part ("Team", "EMEA")
}

// classify tells what a heading is about. Headings of the organisation's own
// come first.
func (s *Settings) classify(title string) label {
	t := trimEnd(title)
	f := fold(t)
	if k, ok := s.Headings[f]; ok {
		return label{kind: k}
	}
	if f == "" {
		return label{}
	}
	if k, ok := whole[f]; ok {
		return label{kind: k}
	}
	l, ok := suffixed(t, f)
	if ok && l.kind != family.LevelsKind {
		return l
	}
	if l, ok := prefixed(t, f); ok {
		return l
	}
	if ok {
		return l
	}
	if l, ok := addressed(t, f); ok {
		return l
	}
	if l, ok := misspelt(t, f); ok {
		return l
	}
	if strings.HasPrefix(f, "about ") && !namesRole(t) && !strings.Contains(f, " you") {
		return label{kind: family.AboutKind}
	}
	if isGroup(f) {
		return label{kind: family.GroupKind}
	}
	return label{}
}

// isGroup reports whether a folded heading speaks of several roles at once:
// "Engineering Roles at Meridian".
func isGroup(f string) bool {
	return f == "roles" || strings.HasSuffix(f, " roles") || strings.Contains(f, " roles at ") || strings.Contains(f, " roles in ")
}

// suffixed recognises "Senior Planner Responsibilities" and
// "Planner - Job Grade".
func suffixed(title, f string) (label, bool) {
	for _, p := range allPhrases().byLast[f[strings.LastIndexByte(f, ' ')+1:]] {
		if !strings.HasSuffix(f, p.phrase) {
			continue
		}
		if len(f) == len(p.phrase) {
			return label{kind: p.kind}, true
		}
		if f[len(f)-len(p.phrase)-1] != ' ' || onlyWhole(p.phrase) || p.kind == family.LevelsKind && p.phrase == "level" {
			continue
		}
		return label{kind: p.kind, prefix: dropLastWords(title, strings.Count(p.phrase, " ")+1)}, true
	}
	return label{}, false
}

// A spelling is one of the phrases with its kind.
type spelling struct {
	phrase string
	kind   family.Kind
}

// spellings holds the phrases in their order: all, by their first and by their
// last word.
type spellings struct {
	all             []spelling
	byFirst, byLast map[string][]spelling
}

var allPhrases = sync.OnceValue(func() *spellings {
	t := &spellings{byFirst: map[string][]spelling{}, byLast: map[string][]spelling{}}
	for _, p := range phrases {
		for _, phrase := range p.list {
			s := spelling{phrase, p.kind}
			first, _, _ := strings.Cut(phrase, " ")
			last := phrase[strings.LastIndexByte(phrase, ' ')+1:]
			t.all = append(t.all, s)
			t.byFirst[first] = append(t.byFirst[first], s)
			t.byLast[last] = append(t.byLast[last], s)
		}
	}
	return t
})

// onlyWhole reports phrases that are too common to end a title by chance.
func onlyWhole(phrase string) bool {
	switch phrase {
	case "expectations", "about you", "who you are", "skills", "preferred", "requires", "grade", "grades", "duties", "level", "next step", "segment", "speciality", "specialty", "specialization", "must have":
		return true
	}
	return false
}

// dropLastWords removes the last n folded words of a title as written.
func dropLastWords(title string, n int) string {
	end := len(title)
	inWord := false
	for i := len(title) - 1; i >= 0; i-- {
		c := title[i]
		word := isWordByte(c) || c == '\'' || c == '+'
		if inWord && !word {
			n--
			if n == 0 {
				return trimEnd(title[:i+1])
			}
		}
		inWord = word
		end = i
	}
	return trimEnd(title[:end])
}

// joins are the words between a phrase and whose section it is.
var joins = newVocabulary("for", "of", "in", "at", "by", "as", "specific", "across")

// prefixed recognises "Hiring Process for EMEA" and "Levels of Planner roles".
func prefixed(title, f string) (label, bool) {
	if !strings.Contains(f, " ") {
		return label{}, false
	}
	have := syntax.WordsOf(f)
	inner := joins.within(f, &have)
	table := allPhrases()
	candidates := table.all
	if !inner { // the phrase can stand at the front alone
		first, _, _ := strings.Cut(f, " ")
		candidates = table.byFirst[first]
	}
	for _, p := range candidates {
		if inner && !have.HoldFirst(p.phrase) || onlyWhole(p.phrase) {
			continue
		}
		i := 0
		if !strings.HasPrefix(f, p.phrase) || len(f) == len(p.phrase) || f[len(p.phrase)] != ' ' {
			if i = indexWordIn(f, p.phrase); i <= 0 || !inner || p.kind == family.LevelsKind || i+len(p.phrase) >= len(f) {
				continue
			}
		}
		rest := f[i+len(p.phrase)+1:]
		join, after, _ := strings.Cut(rest, " ")
		if slices.Contains(joins.phrases, join) {
			return label{kind: p.kind, prefix: roleOf(title, after)}, true
		}
		if i > 0 {
			continue
		}
		if p.kind == family.IndicatorsKind || p.kind == family.HiringKind || p.kind == family.NiceKind {
			return label{kind: p.kind, prefix: ""}, true
		}
	}
	if strings.HasPrefix(f, "leveling of ") || strings.HasPrefix(f, "levelling of ") {
		return label{kind: family.LadderKind}, true
	}
	return label{}, false
}

// roleOf returns the part of title whose folded form ends with after, without
// the word "roles".
func roleOf(title, after string) string {
	n := len(strings.Fields(after))
	fs := strings.Fields(title)
	if n > len(fs) {
		n = len(fs)
	}
	r := strings.Join(fs[len(fs)-n:], " ")
	for _, end := range []string{" roles", " role", " positions", " position"} {
		if i := len(r) - len(end); i > 0 && strings.EqualFold(r[i:], end) {
			r = r[:i]
		}
	}
	r, _ = cutPrefixFold(r, "the ")
	return trimEnd(r)
}

// addressed recognises headings that speak to the reader: "As a Planner you
// will", "What you can expect in a Planner role".
func addressed(title, f string) (label, bool) {
	you := strings.HasSuffix(f, " you will") || strings.HasSuffix(f, " youll") || strings.HasSuffix(f, " you are responsible for")
	switch {
	case strings.HasPrefix(f, "as a ") && you, strings.HasPrefix(f, "as an ") && you,
		strings.HasPrefix(f, "in this role"), strings.HasPrefix(f, "what you can expect"):
		return label{kind: family.ResponsibleKind, prefix: between(title)}, true
	case strings.HasPrefix(f, "you may be a fit"), strings.HasPrefix(f, "you should apply"), strings.HasPrefix(f, "you might be a fit"),
		strings.HasPrefix(f, "you may be a good fit"), strings.HasPrefix(f, "requires "), strings.HasPrefix(f, "what we are looking for"):
		return label{kind: family.RequirementsKind}, true
	}
	return label{}, false
}

// between returns the role in "As a Planner you will".
func between(title string) string {
	for _, lead := range []string{"as a ", "as an ", "what you can expect in a ", "what you can expect in an ", "what you can expect as a "} {
		if rest, ok := cutPrefixFold(title, lead); ok {
			for _, end := range []string{" you will", " you’ll", " you'll", " role", ","} {
				if i := indexFold(rest, end); i > 0 {
					rest = rest[:i]
				}
			}
			return trimEnd(rest)
		}
	}
	return ""
}

// misspellable are the long words that real headings get wrong.
var misspellable = []struct {
	word string
	kind family.Kind
}{
	{"responsibilities", family.ResponsibleKind},
	{"requirements", family.RequirementsKind},
	{"requires", family.RequirementsKind},
	{"specialties", family.SpecialtiesKind},
}

// misspelt recognises the last word of a heading in spite of two wrong
// letters.
func misspelt(title, f string) (label, bool) {
	last := f[strings.LastIndexByte(f, ' ')+1:]
	for _, m := range misspellable {
		if len(last) < 7 || last == m.word || absInt(len(last)-len(m.word)) > 3 {
			continue
		}
		limit := 2
		if len(m.word) > 12 {
			limit = 3
		}
		if distance(last, m.word, limit) <= limit {
			prefix := ""
			if len(last) < len(f) {
				prefix = dropLastWords(title, 1)
			}
			return label{kind: m.kind, prefix: prefix}, true
		}
	}
	return label{}, false
}

func absInt(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// distance counts the letters to insert, delete or change; it gives up above
// limit.
func distance(a, b string, limit int) int {
	if absInt(len(a)-len(b)) > limit {
		return limit + 1
	}
	var buf [2][32]int
	if len(b) >= 31 {
		return limit + 1
	}
	prev, row := &buf[0], &buf[1]
	for j := range len(b) + 1 {
		prev[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(prev[j]+cost, prev[j+1]+1, row[j]+1)
		}
		prev, row = row, prev
	}
	return prev[len(b)]
}
