package resolve

import (
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/family"
)

// isStep reports whether something happens to the candidate in a text.
func isStep(t string) bool { return kindOf(t) != family.OtherStep }

// kindOf tells what happens to the candidate.
func kindOf(t string) family.StepKind {
	t = withoutLead(lower(t))
	var at [stepClasses]int
	stepWords().find(t, at[:])
	none := len(t) + 1
	offer, reference, screening := at[offerClass], at[referenceClass], at[screeningClass]
	interview, assessment, presentation, apply := at[interviewClass], at[assessmentClass], at[presentationClass], at[applyClass]
	f := strings.TrimLeft(t, " *_\"'(")
	switch {
	case strings.HasPrefix(f, "apply") || apply < none && interview == none && screening == none && assessment == none && offer == none && reference == none,
		strings.HasPrefix(f, "submit") && interview == none:
		return family.Apply
	case screening < none && (interview == none || screening < interview+24) && screening < min(offer, assessment):
		return family.Screening
	case presentation < none && presents(t) && presentation < offer:
		return family.Presentation
	case assessment < none && (takes(t, assessment, interview) || completes(t, assessment)):
		return family.Assessment
	case screening < none && screening < offer && interview > screening:
		return family.Screening
	case interview < none && interview < offer && !(reference < interview):
		return family.Interview
	case reference < none && reference < offer:
		return family.References
	case offer < none && (interview == none || offer < interview) && !offered(t, offer, interview):
		return family.Offer
	case interview < none:
		return family.Interview
	}
	return family.OtherStep
}

// withoutLead removes a clause in front that tells when the step happens: "On
// successful completion of the assessment, candidates …". The text is in lower
// case.
func withoutLead(low string) string {
	for _, w := range stepLeads().of(low) {
		if !strings.HasPrefix(low, w) {
			continue
		}
		if i := strings.Index(low, ", "); i > 0 && i < 120 && isStepAt(low[i+2:]) {
			return low[i+2:]
		}
	}
	return low
}

var stepLeads = sync.OnceValue(func() *openings {
	return newOpenings("on ", "after ", "following ", "upon ", "once ", "if ", "based on ", "depending on ", "in parallel", "next or in parallel", "prior to ", "before ", "at the same time")
})

// isStepAt reports whether the rest behind a lead still says what happens.
func isStepAt(low string) bool {
	var at [stepClasses]int
	stepWords().find(low, at[:])
	for class, i := range at {
		if i <= len(low) && class != applyClass && class != referenceClass {
			return true
		}
	}
	return false
}

// offered reports "may then be offered an interview", which is no offer.
func offered(t string, offer, interview int) bool {
	return interview <= len(t) && interview > offer && interview-offer < 40 && hasWord(t[offer:], "offered")
}

// completes reports whether candidates complete the assessment, rather than
// talk about it in an interview that is named before.
func completes(t string, assessment int) bool {
	before := t[:assessment]
	return hasWord(before, "complete", "completes", "take", "receive", "submit", "perform", "prepare") && !hasWord(before, "interview with", "schedule", "meet with")
}

// presents reports whether the candidate presents something in this step,
// rather than talks about the present.
func presents(t string) bool {
	if hasWord(t, "presentation", "mock presentation", "demo", "pitch", "walkthrough", "walk-through", "presenting") {
		return !hasWord(t, "interview about the presentation")
	}
	for _, w := range []string{"to present", "will present", "candidate presents", "candidates present", "asked to present", "and present", "presents"} {
		if hasWord(t, w) {
			return true
		}
	}
	return false
}

// takes reports whether an assessment is what happens, not something that is
// talked about in an interview or done after it.
func takes(t string, assessment, interview int) bool {
	if interview > len(t) {
		return true
	}
	if assessment > interview {
		return false
	}
	// "technical assessment interview with", "a test call with"
	between := t[assessment:interview]
	return len(strings.Fields(between)) > 3
}

// typeStep fills kind, duration, people and the rest of a step from its text.
func (r *resolver) typeStep(s *family.Step, p passage) {
	if p.words == nil {
		have := syntax.WordsOf(p.text)
		p.words = &have
	}
	main, kind := mainClause(p)
	s.Kind = kind
	if s.Kind == family.OtherStep {
		s.Kind = kindOf(p.low)
	}
	if s.Kind == family.OtherStep && namesRole(p.text) && len(words(p.text)) < 14 {
		s.Kind = family.Interview // a list of titles: "VP of Sales"
	}
	s.Minutes = minutes(p.text)
	s.Panel = p.holds(&panelWords)
	s.Optional = optional(unconditional(main)) || p.words.HoldFirst("optional") && hasWordIn(p.low, "optional")
	s.Count = stepCount(p.text)
	s.Ordinal = ordinal(p)
	who := r.interviewers(main, s)
	s.Interviewers, s.Mode = nil, family.Any
	if len(who.refs) > 0 {
		s.Interviewers, s.Mode = who.refs, who.mode
	}
	if s.Kind == family.Screening && !who.allNamed() {
		s.Mode = family.Any // any one of the recruiters makes the call
	}
	if s.Panel && len(who.refs) > 0 && !who.either && (who.several || len(who.refs) > 1) {
		s.Mode = family.All
	}
}

// mainClause returns the first sentence at which something happens, and what;
// else the first sentence.
func mainClause(p passage) (passage, family.StepKind) {
	ss := p.sentences()
	for _, s := range ss {
		if k := kindOf(s.low); k != family.OtherStep {
			return s, k
		}
	}
	if len(ss) > 0 {
		return ss[0], family.OtherStep
	}
	return p, kindOf(p.low)
}

// minutes reads the first duration of a text: "30 minute", "45-60 min",
// "1 hour", "an hour", "1.5 hours". Days and weeks are no durations of a step.
func minutes(t string) *family.Minutes {
	for i := 0; i < len(t); i++ {
		if i > 0 && (isWordByte(t[i-1]) || t[i-1] == '.' || t[i-1] == '$') && !(t[i-1] == '~') {
			continue
		}
		if m := duration(t[i:]); m != nil {
			return m
		}
	}
	return nil
}

func duration(t string) *family.Minutes {
	lo, n := decimal(t)
	hi := lo
	switch {
	case n > 0:
		for _, to := range []string{" to ", "-", "–", " - ", " – ", " or "} {
			if rest, ok := cutPrefixFold(t[n:], to); ok {
				if v, l := decimal(rest); l > 0 && v >= lo {
					hi, n = v, n+len(to)+l
					break
				}
			}
		}
	default:
		return hoursInWords(t)
	}
	unit := strings.TrimLeft(t[n:], " -+–\u00a0")
	switch {
	case unitIs(unit, "min"), unitIs(unit, "mins"), unitIs(unit, "minute"), unitIs(unit, "minutes"):
		return &family.Minutes{Min: int(lo), Max: int(hi)}
	case unitIs(unit, "hour"), unitIs(unit, "hours"), unitIs(unit, "hr"), unitIs(unit, "hrs"):
		return &family.Minutes{Min: int(lo * 60), Max: int(hi * 60)}
	}
	return nil
}

// hoursInWords reads "half an hour" and "two hours".
func hoursInWords(t string) *family.Minutes {
	if t == "" {
		return nil
	}
	switch lowered(t[0]) { // most words begin otherwise
	case 'h':
		for _, w := range []string{"half an hour", "half-hour", "half hour"} {
			if _, ok := cutPrefixFold(t, w); ok {
				return &family.Minutes{Min: 30, Max: 30}
			}
		}
	case 'a', 'o', 't':
		for hours, w := range []string{"an ", "one ", "two ", "three "} {
			if rest, ok := cutPrefixFold(t, w); ok {
				if _, ok := cutPrefixFold(rest, "hour"); ok {
					n := 60 * max(1, hours)
					return &family.Minutes{Min: n, Max: n}
				}
			}
		}
	}
	return nil
}

func unitIs(t, unit string) bool {
	rest, ok := cutPrefixFold(t, unit)
	return ok && (rest == "" || !isWordByte(rest[0]))
}

// decimal reads "30" or "1.5".
func decimal(t string) (float64, int) {
	i, v := 0, 0.0
	for i < len(t) && i < 4 && t[i] >= '0' && t[i] <= '9' {
		v = v*10 + float64(t[i]-'0')
		i++
	}
	if i > 0 && i+1 < len(t) && t[i] == '.' && t[i+1] >= '0' && t[i+1] <= '9' {
		v += float64(t[i+1]-'0') / 10
		i += 2
	}
	return v, i
}

// unconditional cuts off a bracket or clause that makes a detail of the step
// optional, not the step: "(may be a panel)", "with a possibility of …".
func unconditional(p passage) passage {
	for _, w := range []string{"with a possibility", "with the possibility", "(may be"} {
		if i := strings.Index(p.low, w); i > 0 {
			p = p.cut(0, i)
		}
	}
	return p
}

var (
	panelWords    = newVocabulary("panel", "panels")
	optionalWords = newVocabulary("optional", "optionally", "if needed", "if necessary", "if applicable", "as applicable", "where applicable", "when applicable", "as needed", "if required",
		"may choose", "possibly", "at our discretion", "may also", "can also be", "might")
	ordinalWords = newVocabulary("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
)

// optional reports whether a step need not happen.
func optional(p passage) bool {
	if p.holds(&optionalWords) {
		return true
	}
	t := p.low
	for i := 0; ; {
		j := indexWordIn(t[i:], "may")
		if j < 0 {
			return false
		}
		rest := fold(t[i+j+3:])
		for _, w := range []string{"be ", "have ", "also", "meet", "need", "interview", "choose", "include", "schedule", "conduct", "request", "then", "join", "ask", "require", "consist", "participate", "speak", "want"} {
			if strings.HasPrefix(rest, w) {
				return !strings.HasPrefix(rest, "be member") && !strings.HasPrefix(rest, "be a member")
			}
		}
		i += j + 3
	}
}

// stepCount reads how many conversations the step has: "3 separate
// interviews", "two 45 minute interviews". A range counts its lower end.
func stepCount(t string) int {
	for i := 0; i < len(t); i++ {
		if i > 0 && isWordByte(t[i-1]) {
			continue
		}
		c := figure(t[i:])
		if one, l := wordOne(t[i:]); one && c.length == 0 {
			c = count{min: family.Number(1), length: l}
		}
		if c.length == 0 {
			continue
		}
		rest := strings.TrimLeft(t[i+c.length:], " ,-x")
		if separately(t[:i], rest, c) {
			return *c.min
		}
		if countsInterviews(rest) && c.min != nil && *c.min > 0 && *c.min < 12 {
			return *c.min
		}
		i += c.length
	}
	return 1
}

// separately reports "separate interviews with three leaders".
func separately(before, rest string, c count) bool {
	return hasWord(before, "separate", "individual") && hasWord(before, "interviews with", "meetings with", "calls with") && c.min != nil && c.max != nil && *c.min == *c.max && *c.min > 1 && namesPeople(rest)
}

// countsInterviews reports whether the words behind a number come to
// "interviews" (or calls, meetings) before anything else is counted.
func countsInterviews(rest string) bool {
	for range 9 {
		var w string
		switch w, rest = nextWord(rest); w {
		case "interviews", "calls", "meetings", "conversations", "sessions":
			return true
		case "separate", "additional", "individual", "different", "more", "minute", "min", "minutes", "hour", "long", "peer", "technical", "team", "panel", "short", "to", "or", "1", "2", "3", "4", "other",
			"follow", "up", "video", "virtual", "further", "executive", "final", "screening", "behavioral", "management", "one", "two", "three", "on", "direct", "report", "stakeholder", "cross", "functional", "subsequent", "1hr":
		default:
			if len(w) > 0 && w[0] >= '0' && w[0] <= '9' {
				continue
			}
			return false
		}
	}
	return false
}

var ordinals = map[string]int{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9}

// ordinal reads "second interview", "third peer interview".
func ordinal(p passage) int {
	if !p.holds(&ordinalWords) || !hasWordIn(p.low, "interview") {
		return 0
	}
	ws := words(p.low)
	for i, w := range ws {
		if n := ordinals[w]; n > 0 {
			for _, v := range ws[i+1 : min(len(ws), i+5)] {
				if v == "interview" || v == "round" {
					return n
				}
			}
		}
	}
	return 0
}
