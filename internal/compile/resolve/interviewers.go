package resolve

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/family"
)

// interviewers finds the people whom the candidate meets.
func (r *resolver) interviewers(p passage, s *family.Step) people {
	if s.Kind == family.Apply {
		return people{mode: family.Any} // "with a letter"
	}
	if s.Kind == family.Offer || s.Kind == family.Assessment || s.Kind == family.References {
		return r.sender(p, s.Kind)
	}
	t := p.text
	for i := range whomAt(p) {
		object := whom(p.cut(i, len(t)))
		who := r.titles(object)
		who.refs = peopleOnly(who.refs)
		r.andWith(&who, p.cut(min(i+len(object.text), len(t)), len(t)))
		if isTeam(object.text) && hasWordIn(p.low[:i], "interviews") && !who.either {
			who.mode = family.All
		}
		if len(who.refs) > 0 {
			return who
		}
	}
	if who := r.chooses(p); len(who.refs) > 0 {
		return who
	}
	return r.before(p)
}

// andWith adds the people of a second meeting in the same step: "an interview
// with the manager and a call with a peer".
func (r *resolver) andWith(who *people, rest passage) {
	if _, ok := cutPrefixFold(strings.TrimSpace(rest.text), "and "); !ok || !hasWordIn(rest.low, "interview with", "call with", "meeting with", "conversation with", "interviews with") {
		return
	}
	i := strings.Index(rest.low, " with ")
	more := r.titles(whom(rest.cut(i+len(" with "), len(rest.text))))
	for _, ref := range peopleOnly(more.refs) {
		who.refs = append(who.refs, ref)
		who.mode = family.All
	}
}

// allNamed reports whether the people are joined by "and", each for
// themselves.
func (p people) allNamed() bool { return len(p.refs) > 1 && !p.either && p.mode == family.All }

// peopleOnly drops what names nobody: "the candidate", "an executive interview".
func peopleOnly(refs []family.Reference) []family.Reference {
	return slices.DeleteFunc(refs, func(ref family.Reference) bool {
		f := fold(ref.Title)
		switch f {
		case "", "candidate", "candidates", "the candidate", "one", "you", "us", "them", "each", "possibly":
			return true
		}
		return strings.HasPrefix(f, "candidate as ") || strings.HasSuffix(f, "interview")
	})
}

// whomAt yields where the people may begin, the likeliest place first:
// behind the "with" that follows the meeting, behind a list's semicolon,
// behind "by" or "from", behind "meet the", behind "presentation to".
func whomAt(p passage) iter.Seq[int] {
	t, low := p.text, p.low
	return func(yield func(int) bool) {
		with := behindWith(p)
		if with >= 0 && !yield(with) {
			return
		}
		list := with >= 0
		for _, w := range []string{"interviews; ", "interviews: ", "interview; ", "interview: "} {
			if i := strings.Index(low, w); i >= 0 && !list && names(t[i+len(w):]) {
				if list = true; !yield(i + len(w)) {
					return
				}
			}
		}
		for _, w := range []string{" by ", " from ", "meet the ", "meet our ", "meet a ", "meet an "} {
			if i := strings.Index(low, w); i >= 0 && names(firstWords(t[i+len(w):], 8)) && !yield(i+len(w)) {
				return
			}
		}
		if i := strings.Index(low, "presentation"); i >= 0 { // "a presentation to the director"
			if j := strings.Index(low[i:], " to "); j >= 0 && names(firstWords(t[i+j+len(" to "):], 8)) {
				yield(i + j + len(" to "))
			}
		}
	}
}

// behindWith returns the offset behind the first "with" that is followed by
// people; -1 if there is none.
func behindWith(p passage) int {
	for from := 0; ; {
		i := strings.Index(p.low[from:], " with ")
		if i < 0 {
			return -1
		}
		i += from
		from = i + len(" with")
		if rest := p.text[i+len(" with "):]; !withThing(rest) && !strings.HasSuffix(p.low[:i], "parallel") {
			return i + len(" with ")
		}
	}
}

// withThing reports "with" before something that is no person: "with a
// possibility of", "with modifications".
func withThing(rest string) bool {
	f := foldHead(rest, len("additional technical"))
	for _, w := range []string{"a possibility", "modifications", "the possibility", "questions", "a focus", "additional technical", "a case", "an emphasis", "a technical", "your ", "a presentation", "a demo"} {
		if strings.HasPrefix(f, w) {
			return w != "a technical" || !namesRole(firstWords(rest, 3)) // "a Technical Writer" is somebody
		}
	}
	return false
}

// firstWords returns the first n words of a text.
func firstWords(t string, n int) string {
	var buf wordBuffer
	ws := buf[:0]
	for w := range strings.FieldsSeq(t) {
		if ws = append(ws, w); len(ws) == n {
			break
		}
	}
	return strings.Join(ws, " ")
}

// whomEnds end the people of a step.
var whomEnds = []string{
	" to which", " to be ",
	" who will", " who is ", " who are ", " that will", " which ", " where ", " regarding ", " about ", " covering ", " focused ", " focusing ", " via ", " followed by ", " in order ", " prior to", " before ", " after ", " during ", " lasting ", " for a ", " for an ", " for a final",
	" and be asked", " and will ", " and may be", " and asked", " and complete ", " and then ", " in a panel", " in an ", " in which", " as well as a presentation", " as the ", " as a ", " if ", " for a shortened", " once ", " when ", " while ", " with a ", " with an ", " at which", " at this", " so that", " this ", " will be scheduled", " will be conducted", " will take", " will last", " on a ", " on the topic", " on your", " for 30", " for 45", " for 50", " for 60", " for 25", " depending ", " based on ", " based upon ", " again", " only", " including a ", " and an ", " at the end", " unless ", " again", " are ", " is ", " (as applicable", " (if applicable", " (if needed", " (optional", " (if required", " (where applicable", " (when applicable", " (as needed", " (if necessary", " as applicable", " if applicable", " as needed", " where applicable", " together", " separately", " virtually", " in person", " for approximately", " or have", " for their", " for final", " over ", " using ",
}

var whomCutter = sync.OnceValue(func() *cutter { return newCutter(whomEnds) })

// whom cuts the people off at what is said of the meeting.
func whom(p passage) passage {
	end := whomCutter().first(p.low, func(i int, w string) bool {
		return i > 0 && !p.linked(i) && !insideBrackets(p.text, i, w)
	})
	for _, c := range []string{"; ", ": "} {
		if i := strings.Index(p.text, c); i > 0 && i < end && c == ": " {
			end = i
		}
	}
	end = forTime(p, another(p, purpose(p, dash(p, end))))
	q := p.cut(0, end).trim()
	t := strings.TrimRight(q.text, " ,:-")
	for _, w := range []string{" and", " or", ", possibly", ", or both", " or both"} {
		if len(t) > len(w) && strings.EqualFold(t[len(t)-len(w):], w) {
			t = t[:len(t)-len(w)]
		}
	}
	return q.cut(0, len(t))
}

// dash cuts at a dash behind which a remark follows; a title may hold one.
func dash(p passage, end int) int {
	for _, d := range []string{" - ", " – ", " — "} {
		i := strings.Index(p.text[:end], d)
		if i < 0 || p.linked(i) || i > 0 && p.text[i-1] >= '0' && p.text[i-1] <= '9' {
			continue
		}
		rest := p.text[i+len(d):]
		if !startsUpper(rest) || !namesRole(firstWords(rest, 3)) {
			end = i
		}
	}
	return end
}

// another cuts at a second meeting: "and a 30 minute interview with a peer".
func another(p passage, end int) int {
	for from := 0; from < end; {
		i := strings.Index(p.low[from:end], " and ")
		if i < 0 {
			return end
		}
		i += from
		from = i + 5
		rest := p.text[from:end]
		for _, a := range []string{"a ", "an ", "then ", "another "} {
			rest, _ = cutPrefixFold(rest, a)
		}
		if duration(rest) != nil {
			return i
		}
	}
	return end
}

// forTime cuts at how long the meeting takes: "for 40 minutes".
func forTime(p passage, end int) int {
	for from := 0; from < end; {
		i := strings.Index(p.low[from:end], " for ")
		if i < 0 {
			return end
		}
		i += from
		from = i + len(" for ")
		if !p.linked(i+1) && duration(p.text[from:]) != nil {
			return i
		}
	}
	return end
}

// purpose cuts at "to" before a verb: "with the manager to outline the task",
// but not in "Chief of Staff to the CEO".
func purpose(p passage, end int) int {
	for from := 0; from < end; {
		i := strings.Index(p.low[from:end], " to ")
		if i < 0 {
			return end
		}
		i += from
		from = i + 4
		next := firstWords(p.text[from:], 1)
		switch strings.ToLower(strings.Trim(next, ",.")) {
		case "the", "a", "an", "our", "their", "your", "one", "be":
			continue
		}
		if next == "" || startsUpper(next) || next[0] >= '0' && next[0] <= '9' || p.linked(i+2) {
			continue
		}
		return i
	}
	return end
}

// insideBrackets reports whether offset i lies in brackets that open before it
// (an end that is itself a bracket does not count).
func insideBrackets(t string, i int, w string) bool {
	if strings.HasPrefix(strings.TrimSpace(w), "(") {
		return false
	}
	return strings.Count(t[:i], "(") > strings.Count(t[:i], ")")
}

// sender names who makes the offer or sends the questionnaire, where the text
// says so.
func (r *resolver) sender(p passage, k family.StepKind) people {
	if t := withoutLead(p.low); len(t) < len(p.low) {
		p = p.cut(len(p.low)-len(t), len(p.low))
	}
	for _, w := range []string{" directly from ", " from ", " by ", " with "} {
		i := strings.Index(p.low, w)
		if i < 0 || w == " with " && k == family.Offer {
			continue
		}
		rest := p.cut(i+len(w), len(p.text))
		if !names(firstWords(rest.text, 8)) {
			continue
		}
		who := r.titles(whom(rest))
		who.refs = peopleOnly(who.refs)
		return who
	}
	return people{mode: family.Any}
}

// chooses reads "our CEO may choose to conduct a final interview".
func (r *resolver) chooses(p passage) people {
	for _, w := range []string{" may choose", " may conduct", " may wish", " may want", " may request", " will conduct", " may also", " may decide", " may interview", " might", " will request"} {
		i := strings.Index(p.low, w)
		if i <= 0 {
			continue
		}
		start := 0
		for _, c := range []string{", ", "; "} {
			if j := strings.LastIndex(p.text[:i], c); j >= 0 {
				start = max(start, j+len(c))
			}
		}
		before := p.cut(start, i)
		if f := fold(before.text); strings.Contains(f, "candidate") || strings.Contains(f, "applicant") || !names(before.text) {
			continue
		}
		for _, lead := range []string{"finally ", "then ", "next "} {
			if rest, ok := cutPrefixFold(before.text, lead); ok {
				before = before.cut(len(before.text)-len(rest), len(before.text))
			}
		}
		return r.titles(before)
	}
	return people{mode: family.Any}
}

// before reads titles in front of the meeting: "Hiring Manager interview", or
// an item that is nothing but a list of titles.
func (r *resolver) before(p passage) people {
	t := p.text
	none := people{mode: family.Any}
	if i := strings.IndexByte(t, ':'); i > 0 && i+2 < len(t) && !isStep(t[i+1:]) && names(firstWords(t[i+1:], 8)) {
		return r.titles(whom(p.cut(i+1, len(t))))
	}
	for _, w := range []string{" interview", " screen", " call", " meeting", " chat"} {
		i := strings.Index(p.low, w)
		if i <= 0 {
			continue
		}
		head := p.cut(0, i)
		for _, c := range []string{"minute ", "minutes ", "min ", "hour ", "hours ", " a ", " an ", " the "} {
			if j := strings.LastIndex(head.low, c); j >= 0 {
				head = head.cut(j+len(c), len(head.text))
			}
		}
		ws := words(head.text)
		if len(ws) == 0 || len(ws) > 5 || !isRoleWord(ws[len(ws)-1]) || ws[len(ws)-1] == "executive" || hasWord(head.text, "peer", "team", "final", "leadership", "candidates", "first", "interviewer", "candidate") {
			continue
		}
		return r.titles(head)
	}
	if namesRole(t) && kindOf(p.low) == family.OtherStep {
		who := r.titles(p)
		return who
	}
	return none
}
