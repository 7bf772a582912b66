package resolve

import (
	"strings"
	"sync"
)

// A joint is a place where a phrase may be cut into titles.
type joint struct {
	start, end int
	word       string // "or", "and", ","
}

// joints finds the conjunctions of a phrase outside links and brackets.
func joints(p passage) []joint {
	var out []joint
	t := p.text
	depth := 0
	for i := 0; i < len(t); i++ {
		switch t[i] {
		case '(':
			depth++
		case ')':
			depth = max(0, depth-1)
		}
		if depth > 0 || p.linked(i) {
			continue
		}
		switch {
		case t[i] == ',':
			j := joint{i, i + 1, ","}
			rest := t[i+1:]
			for _, w := range []string{" and/or ", " or ", " and ", " & "} {
				if r, ok := cutPrefixFold(rest, w); ok {
					j.end, j.word = len(t)-len(r), strings.TrimSpace(w)
				}
			}
			out = append(out, j)
			i = j.end - 1
		case t[i] == ' ':
			for _, w := range conjunctions().of(p.low[i+1:]) {
				if !strings.HasPrefix(p.low[i+1:], w) {
					continue
				}
				if end := i + 1 + len(w); !(isNumber(lastWord(t[:i])) && isNumber(firstWords(t[end:], 1))) {
					out = append(out, joint{i, end, strings.TrimSpace(w)})
					i = end - 1
					break
				}
			}
		case t[i] == '/' && i > 0 && i+1 < len(t) && (t[i-1] == ' ' || t[i+1] == ' '):
			out = append(out, joint{i, i + 1, "/"})
		case t[i] == ';':
			out = append(out, joint{i, i + 1, ";"})
		}
	}
	for i := range out {
		switch out[i].word {
		case "and/or":
			out[i].word = "or"
		case "as well as", "plus":
			out[i].word = "and"
		}
	}
	return out
}

var conjunctions = sync.OnceValue(func() *openings {
	return newOpenings("and/or ", "or ", "and ", "& ", "as well as ", "plus ")
})

// isNumber reports "2" and "two".
func isNumber(w string) bool {
	_, n := number(strings.Trim(w, "(,"))
	return n > 0 || strings.EqualFold(w, "one")
}

// pieces cuts a phrase into the texts of single titles and tells by which
// words they are joined.
func (r *resolver) pieces(p passage) (out []passage, ors, ands bool) {
	js := joints(p)
	start := 0
	for k, j := range js {
		left := p.cut(start, j.start)
		nextEnd := len(p.text)
		if k+1 < len(js) {
			nextEnd = js[k+1].start
		}
		if j.word == "," { // "Trust & Safety Manager" goes on behind its "&"
			for m := k + 1; m < len(js) && js[m].word == "&"; m++ {
				nextEnd = len(p.text)
				if m+1 < len(js) {
					nextEnd = js[m+1].start
				}
			}
		}
		right := p.cut(j.end, nextEnd)
		if (j.word == "," || left.text != "" && p.text[j.start] == ',') && commas(p.text, js) > 3 && !bareEnd(left.text) {
			out = append(out, left) // a long list: every comma separates
			start = j.end
			continue
		}
		if !separates(left, right, j.word, p.cut(j.end, len(p.text))) {
			continue
		}
		switch j.word {
		case "or", "/":
			ors = true
		case "and", "&":
			ands = true
		case ",", ";":
			if !hasOr(js[k+1:]) {
				ands = true
			}
		}
		out = append(out, left)
		start = j.end
	}
	return append(out, p.cut(start, len(p.text))), ors, ands
}

// commas counts the joints that begin with a comma.
func commas(t string, js []joint) int {
	n := 0
	for _, j := range js {
		if t[j.start] == ',' {
			n++
		}
	}
	return n
}

func hasOr(js []joint) bool {
	for _, j := range js {
		if j.word == "or" {
			return true
		}
	}
	return false
}

// separates reports whether a conjunction stands between two titles rather
// than inside one.
func separates(left, right passage, word string, rest passage) bool {
	l, rt := strings.TrimSpace(left.text), strings.TrimSpace(right.text)
	if l == "" || rt == "" {
		return false
	}
	if f := foldHead(rt, len("more senior")); f == "above" || f == "higher" || strings.HasPrefix(f, "above ") || strings.HasPrefix(f, "more senior") {
		return false
	}
	article := startsArticle(rt)
	switch word {
	case ",", ";":
		if article || word == ";" {
			return true
		}
		if startsSenior(rt) && bareEnd(l) && (bare(rt) || ranked(rest.text)) {
			if end := lastWord(fold(l)); end != "sr" && end != "jr" {
				return true
			}
		}
		if bare(l) || !namesRole(rt) && !isTeam(rt) {
			return false
		}
		return headed(rt) && (namesRole(l) || isTeam(l))
	case "/":
		return namesRole(l) && namesRole(rt) && headed(rt) && !bareEnd(l)
	}
	if article {
		return true
	}
	if word == "&" {
		return namesRole(lastTitle(l)) && headed(rt) && startsSenior(rt)
	}
	if !names(l) {
		return false // "Product or Engineering Director": one head for both
	}
	if word == "and" && !names(rt) {
		return false
	}
	if word == "and" && isTeam(rt) && !isTeam(l) && !namesRole(behind(l)) {
		return false // "the Legal and Compliance team"
	}
	if word == "and" && bareEnd(l) && !startsSenior(rt) && !isPlural(lastWord(fold(l))) && countRole(rt) == 0 {
		return false
	}
	return names(rt) || word == "or" && !functional(l, rt)
}

// behind returns what follows the last "of" or "from" of a phrase.
func behind(l string) string {
	for _, w := range []string{" of the ", " of our ", " of ", " from the ", " from our ", " from "} {
		if i := strings.LastIndex(l, w); i >= 0 {
			return l[i+len(w):]
		}
	}
	return l
}

// ranked reports whether what follows is a list that goes on with ranks:
// "Staff, or Principal Planner".
func ranked(rest string) bool {
	head, tail, ok := strings.Cut(rest, ",")
	if !ok {
		return false
	}
	for _, w := range []string{"or ", "and "} {
		if r, cut := cutPrefixFold(strings.TrimSpace(tail), w); cut {
			tail = r
		}
	}
	return bare(head) && startsSenior(tail)
}

// functional reports "or" between two functions of one title: "Director of
// Sales or Marketing".
func functional(l, r string) bool {
	return !names(r) && hasWord(l, "of", "for", "in")
}

// lastTitle returns what follows the last comma, if that names a role itself.
func lastTitle(l string) string {
	if i := strings.LastIndexByte(l, ','); i >= 0 && namesRole(l[i+1:]) {
		return l[i+1:]
	}
	return l
}
