package resolve

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// readIndicators finds the cadences among the performance indicators: what is
// met by delivering something regularly.
func (r *resolver) readIndicators() {
	r.family.Cadences = cadences(r.family.Indicators.Items)
	for _, l := range r.levels {
		l.Cadences = cadences(l.Indicators.Items)
	}
}

// cadences reads "1 per quarter A OR" followed by "1 per quarter B" as one
// cadence with two alternatives.
func cadences(items []*family.Item) []family.Cadence {
	var out []family.Cadence
	open := false
	for _, it := range items {
		n, period, what, ok := cadence(it.Text)
		if !ok {
			open = false
			continue
		}
		var any []family.Text
		alternatives, dangling := either(what)
		for _, a := range alternatives {
			any = append(any, family.Text{Text: a, Span: it.Span})
		}
		last := len(out) - 1
		if open && last >= 0 && out[last].Count == n && out[last].Period == period {
			out[last].Any = append(out[last].Any, any...)
			out[last].Span = source.Span{Start: out[last].Span.Start, End: it.Span.End}
		} else {
			out = append(out, family.Cadence{Count: n, Period: period, Any: any, Span: it.Span})
		}
		open = dangling
	}
	return out
}

// periods are the words for how often.
var periods = map[string]string{
	"week": "week", "weekly": "week", "month": "month", "monthly": "month", "quarter": "quarter", "quarterly": "quarter", "year": "year", "annually": "year", "yearly": "year",
	"iteration": "iteration", "milestone": "milestone", "release": "release", "sprint": "sprint",
}

// cadence reads "2 per month …", "one a quarter: …", "… 1 per week".
func cadence(t string) (n int, period, what string, ok bool) {
	for i := 0; i < len(t); i++ {
		if i > 0 && isWordByte(t[i-1]) {
			continue
		}
		n, length := number(t[i:])
		if one, rest := wordOne(t[i:]); one {
			n, length = 1, rest
		}
		if length == 0 || n == 0 {
			continue
		}
		rest := strings.TrimLeft(t[i+length:], " +")
		for _, per := range []string{"per ", "a ", "each ", "every ", "/ ", "/"} {
			after, found := cutPrefixFold(rest, per)
			if !found {
				continue
			}
			w, tail, _ := strings.Cut(after, " ")
			if p := periods[fold(w)]; p != "" {
				what = strings.Trim(strings.TrimSpace(t[:i])+" "+strings.TrimSpace(tail), " ,:")
				return n, p, what, what != ""
			}
		}
	}
	return 0, "", "", false
}

func wordOne(t string) (bool, int) {
	for _, w := range []string{"one ", "once "} {
		if _, ok := cutPrefixFold(t, w); ok {
			return true, len(w) - 1
		}
	}
	return false, 0
}

// either cuts alternatives at a capital OR; dangling is set if the text ends
// with one.
func either(t string) (parts []string, dangling bool) {
	t = strings.TrimSpace(t)
	for _, end := range []string{" OR", " or"} {
		if s, ok := strings.CutSuffix(t, end); ok {
			t, dangling = s, true
		}
	}
	for p := range strings.SplitSeq(t, " OR ") {
		if p = stop(strings.TrimSpace(p)); p != "" {
			parts = append(parts, p)
		}
	}
	return parts, dangling
}
