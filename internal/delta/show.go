package delta

import (
	"slices"
	"strconv"
	"strings"
)

// Summary says in one line how much changed: "2 pages differ: 1 CONTRACT,
// 3 TEXT".
func Summary(pages []PageChange) string {
	if len(pages) == 0 {
		return "no page differs"
	}
	count := map[Category]int{}
	for i := range pages {
		for _, c := range pages[i].Changes {
			count[c.Category]++
		}
	}
	var parts []string
	for _, c := range Categories {
		if count[c] > 0 {
			parts = append(parts, strconv.Itoa(count[c])+" "+string(c))
		}
	}
	noun := " pages differ: "
	if len(pages) == 1 {
		noun = " page differs: "
	}
	return strconv.Itoa(len(pages)) + noun + strings.Join(parts, ", ")
}

// concerned names whom changes of contract and expectation concern: the levels,
// each once in the order of the changes, and those who apply.
func concerned(pages []PageChange) []string {
	var out []string
	add := func(who string) {
		if !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	candidates := false
	for i := range pages {
		for _, c := range pages[i].Changes {
			switch {
			case c.Category != Contract && c.Category != Expectation:
			case c.Kind == StepAdded || c.Kind == StepRemoved || c.Kind == StepChanged || c.Kind == StepsReordered:
				candidates = true
			case c.Level != "":
				add(c.Level)
			case pages[i].Title != "":
				add("all of " + pages[i].Title)
			}
		}
	}
	if candidates {
		add("candidates")
	}
	return out
}

// note says what has become of a page as a whole; empty if it stayed.
func (c *PageChange) note() string {
	switch {
	case c.OldPath != "":
		return "was " + c.OldPath
	case c.Added:
		return "a new page"
	case c.Removed:
		return "a page that is gone"
	}
	return ""
}

// sign returns "+" for what came, "-" for what went, "~" for what differs.
func (c *Change) sign() string {
	switch {
	case c.Old == "" && c.New != "":
		return "+"
	case c.New == "" && c.Old != "":
		return "-"
	}
	return "~"
}

// words writes a kind for people: "step added".
func (k Kind) words() string {
	switch k {
	case ReportsTo:
		return "reports to"
	case SpanChanged:
		return "span of control"
	case LadderChanged:
		return "career ladder"
	}
	return strings.ReplaceAll(string(k), "_", " ")
}

// excerptLength is how many characters of a long text are shown.
const excerptLength = 150

// clean takes control characters, and those that turn the direction of writing,
// out of a page's text, so that it cannot speak to the terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0, r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, s)
}
