package delta_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/source"
)

const pilots = `---
title: Pilots
---
## Responsibilities
* Keep the harbour safe

## Pilot
### Responsibilities
* Guide ships of every size to their berths
* Write a report of each passage
### Hiring Process
* 30 minute screening call with a Recruiter
* 45 minute interview with the Harbour Master

## Senior Pilot
### Responsibilities
* Teach pilots on the bridge simulator
`

func pageOf(text string) delta.Page {
	f := source.New("pilots.md", []byte(text))
	o := compile.Options{}
	return delta.Page{File: f, Family: o.Page(f).Family}
}

// said lists who became whom, each by its text.
func said(h delta.Heirs) []string {
	var out []string
	for o, n := range h.Levels {
		out = append(out, o.Title+" > "+n.Title)
	}
	for o, n := range h.Items {
		out = append(out, o.Text+" > "+n.Text)
	}
	for o, n := range h.Steps {
		out = append(out, fmt.Sprint(o.Minutes, " min > ", n.Minutes, " min"))
	}
	slices.Sort(out)
	return out
}

// A duty that is worded anew, a level under another title, a step that takes
// longer: each is what it was. What came new is nobody's heir.
func TestHeirs(t *testing.T) {
	edited := strings.NewReplacer(
		"Guide ships of every size to their berths", "Guide ships of every size to their berths, by day and by night",
		"* Write a report of each passage\n", "* Answer for the pilot boat and its crew\n",
		"## Senior Pilot", "## Lead Pilot",
		"45 minute interview", "60 minute interview",
	).Replace(pilots)
	want := []string{
		"30 min > 30 min",
		"45 min > 60 min",
		"Guide ships of every size to their berths > Guide ships of every size to their berths, by day and by night",
		"Keep the harbour safe > Keep the harbour safe",
		"Pilot > Pilot",
		"Senior Pilot > Lead Pilot",
		"Teach pilots on the bridge simulator > Teach pilots on the bridge simulator",
	}
	if diff := gocmp.Diff(want, said(delta.HeirsOf(pageOf(pilots), pageOf(edited)))); diff != "" {
		t.Errorf("heirs (-want +got):\n%s", diff)
	}
}

// Of a page that did not change, every part is its own heir; the same goes for
// one that is only wrapped in another way.
func TestEverythingIsItsOwnHeir(t *testing.T) {
	for name, text := range map[string]string{
		"the same":  pilots,
		"rewrapped": strings.ReplaceAll(pilots, "of every size to", "of every size\n  to"),
	} {
		o, n := pageOf(pilots), pageOf(text)
		h := delta.HeirsOf(o, n)
		if len(h.Levels) != 2 || len(h.Items) != 4 || len(h.Steps) != 2 {
			t.Errorf("%s: %q", name, said(h))
		}
		for a, b := range h.Items {
			if a.Text != b.Text {
				t.Errorf("%s: %q became %q", name, a.Text, b.Text)
			}
		}
	}
}

// A page that did not exist has no heirs, and neither has one that is gone.
func TestNothingHasNoHeirs(t *testing.T) {
	for _, h := range []delta.Heirs{delta.HeirsOf(delta.Page{}, pageOf(pilots)), delta.HeirsOf(pageOf(pilots), delta.Page{})} {
		if got := said(h); len(got) > 0 {
			t.Errorf("%q", got)
		}
	}
}
