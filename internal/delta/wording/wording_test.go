package wording

import "testing"

// page knows the texts of both states of a page.
func page(old, new []*Text) *Names {
	return NewNames(func() ([]*Text, []*Text) { return old, new })
}

// judge compares two texts on a page of their own.
func judge(old, new string, strict bool) Verdict {
	a, b := New(old), New(new)
	n := page([]*Text{a}, []*Text{b})
	return n.Judge(a, b, strict)
}

func TestRewordedWithTheSameMeaning(t *testing.T) {
	for _, c := range [][2]string{
		{"Plan berth windows for the quay", "Plan  berth windows for the quay."},
		{"Experience in partering with carriers", "Experience in partnering with carriers"},
		{"Share our planand keep it", "Share our plan and keep it"},
		{"Mentoring yard planners", "Mentor yard planners"},
		{"# of cranes released", "Number of cranes released"},
		{"5+ years of experience in shipping", "At least five years' experience in shipping"},
		{"5 or more years in shipping", "5+ years in shipping"},
		{"Make sure that gates open on time", "Ensure gates open on time"},
		{"Responsible for managing the depot", "Manage the depot"},
		{"Excellent verbal and written communication skills", "Exceptional written and oral communication skills"},
		{"Work closely with the yard team", "Collaborate with the yard team"},
		{"Optimise cross-functional programmes", "Optimize crossfunctional programs"},
		{"Grow annual recurring revenue", "Grow annual recurring revenue (ARR)"},
		{"Negotiate contracts with carriers", "Negotiation of contracts with carriers"},
		{"Plan work, e.g. rosters", "Plan work, for example rosters"},
		{"you will lead the depot", "Leads the depot"},
		{"Work with the GTM team", "Work with the Go To Market team"},
		{"1.Plan the yard", "Plan the yard"},
		{"Analyse the behaviour of gates", "Analyze the behavior of gates"},
		{"Recieve feedback well", "Receive feedback well"},
		{"Report to teh harbour master", "Report to the harbour master"},
		{"Learn form the yard", "Learn from the yard"},
		{"Lead the team team", "Lead the team"},
		{"He plans his own yard", "They plan their own yard"},
		{"Travel if needed", "Ability to travel if needed"},
		{"Own the yard plan", "Responsible for the yard plan"},
		{"Passionate about ships", "Passion for ships"},
		{"Read e-mail", "Read email"},
		{"10 yrs in shipping", "10 years in shipping"},
		{"Advise the VP of Sales", "Advise the Vice President of Sales"},
	} {
		if got := judge(c[0], c[1], true); got > Reworded {
			t.Errorf("%q\n-> %q\n%v, want at most reworded", c[0], c[1], got)
		}
	}
}

func TestAnotherMeaning(t *testing.T) {
	for _, c := range [][2]string{
		{"5+ years in shipping", "8+ years in shipping"},
		{"5 years in shipping", "5+ years in shipping"},
		{"Up to 4 planners", "At least 4 planners"},
		{"Experience with Rust", "Experience with Rust is a plus"},
		{"A degree is required", "A degree is preferred"},
		{"Lead the depot", "Support the depot"},
		{"Manage the internal audit", "Manage the external audit"},
		{"Reports may be sent", "Reports must be sent"},
		{"Works without supervision", "Works under supervision"},
		{"Do not approve discounts", "Approve discounts"},
		{"Knowledge of Go and Rust", "Knowledge of Go or Rust"},
		{"Lead projects", "Lead strategic projects"},
		{"Experience with Kotlin", "Experience with Swift"},
		{"Weekly reports", "Monthly reports"},
		{"Advise the manager", "Advise and manage"},
		{"Satisfaction score", "Satisfaction score of 4 or higher"},
		{"Own the gate, the yard and the quay", "Own the gate and the quay"},
		{"Increase throughput", "Decrease throughput"},
		{"2 years of Go and 5 years of Rust", "5 years of Go and 2 years of Rust"},
		{"Direct reports: planners", "Indirect reports: planners"},
		{"Experience With Harbour Sales Teams", "Experience With Harbour Support Teams"},
		{"May travel", "My travel"},
	} {
		if got := judge(c[0], c[1], true); got != Meaning {
			t.Errorf("%q\n-> %q\n%v, want meaning", c[0], c[1], got)
		}
	}
}

func TestNewNameOfTheSameThing(t *testing.T) {
	if got := judge("Contribute to the Harbour Suite and its users", "Contribute to the Quay Suite and its users", false); got != Reworded {
		t.Errorf("a product's new name in a duty: %v", got)
	}
	if got := judge("Ensure the YPMs meet their goals", "Ensure the BPMs meet their goals", false); got != Reworded {
		t.Errorf("an acronym's new name in a duty: %v", got)
	}
	old := []*Text{New("Work with Sales"), New("Help Marketing"), New("Sales is near")}
	new := []*Text{New("Work with Marketing"), New("Help Marketing"), New("Sales is near")}
	if got := page(old, new).Judge(old[0], new[0], false); got != Meaning {
		t.Errorf("another team: %v", got)
	}
}

func TestSwapSeenTwiceIsARenameEvenWhereDemanded(t *testing.T) {
	old := []*Text{New("Three years as a Yard Product Lead"), New("Coach Yard Product Leads")}
	new := []*Text{New("Three years as a Berth Success Lead"), New("Coach Berth Success Leads")}
	n := page(old, new)
	if got := n.Judge(old[0], new[0], true); got != Meaning {
		t.Errorf("before it was observed: %v", got)
	}
	for i := range old {
		n.Observe(old[i], new[i])
	}
	if got := n.Judge(old[0], new[0], true); got != Reworded {
		t.Errorf("after: %v", got)
	}
}

func TestLinkKeepsTheName(t *testing.T) {
	judge := func(old, new string, a, b Link) Verdict {
		x, y := New(old, a), New(new, b)
		return page([]*Text{x}, []*Text{y}).Judge(x, y, true)
	}
	if got := judge("Grow through reviewer trainee program at own pace", "Grow through the reviewer program at own pace",
		Link{"reviewer trainee program", "/r"}, Link{"the reviewer program", "/r"}); got != Reworded {
		t.Errorf("same target, other words: %v", got)
	}
	if got := judge("Lead the 12 Harbour Initiatives here", "Lead the Top Harbour Initiatives here",
		Link{"12 Harbour Initiatives", "#twelve"}, Link{"Top Harbour Initiatives", "#top"}); got != Reworded {
		t.Errorf("a number in a name: %v", got)
	}
	if got := judge("Deliver 2 research projects a year", "Deliver 6 research projects a year",
		Link{"2 research projects", "/r"}, Link{"6 research projects", "/r"}); got != Meaning {
		t.Errorf("a number that counts: %v", got)
	}
}

func TestKnownRename(t *testing.T) {
	a, b := New("Extends the Staff Planner (Yard) duties"), New("Extends the Staff Planner duties")
	n := page([]*Text{a}, []*Text{b})
	if got := n.Judge(a, b, true); got != Meaning {
		t.Errorf("unknown: %v", got)
	}
	n.Rename("Staff Planner (Yard)", "Staff Planner")
	if got := n.Judge(a, b, true); got != Reworded {
		t.Errorf("known: %v", got)
	}
}

func TestHouseNameSaysNothing(t *testing.T) {
	var old, new []*Text
	for _, s := range []string{"Meridian's yard", "See Meridian", "At Meridian", "For Meridian", "With Meridian"} {
		old, new = append(old, New(s)), append(new, New(s))
	}
	a, b := New("Use the platform daily"), New("Use the Meridian platform daily")
	if got := page(append(old, a), append(new, b)).Judge(a, b, true); got != Reworded {
		t.Errorf("house name: %v", got)
	}
}

func TestSimilarity(t *testing.T) {
	a := New("Lead the yard planning team")
	if s := Similarity(a, New("Leads the team that plans yards")); s < 0.7 {
		t.Errorf("close texts: %.2f", s)
	}
	if s := Similarity(a, New("Write the documentation")); s > 0.2 {
		t.Errorf("far texts: %.2f", s)
	}
}
