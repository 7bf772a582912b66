package delta_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZDump(t *testing.T) {
	for _, path := range strings.Fields(os.Getenv("PAGE")) {
		f := compiled(path, read(t, path)).Family
		fmt.Println("####", path, f.Title)
		for _, s := range f.Sections {
			fmt.Printf("%s%d %q kind=%q level=%q items=%d texts=%d pseudo=%v\n", strings.Repeat(" ", s.Depth), s.Line, s.Title, s.Kind, s.Level, s.Items, len(s.Text), s.Pseudo)
		}
		for _, l := range f.Levels {
			fmt.Printf("LEVEL %s %d grades=%v reports=%v resp=%d req=%d pi=%d ladder=%v ext=%v\n", l.Title, l.Line, l.Grades, l.ReportsTo, len(l.Responsibilities.Items), len(l.Requirements.Items), len(l.Indicators.Items), l.Ladder.Next, l.Extends)
		}
		for _, s := range f.Specialties {
			fmt.Printf("SPEC %s %d level=%q parent=%q group=%v\n", s.Title, s.Line, s.Level, s.Parent, s.Group)
		}
		for _, p := range f.Hiring {
			fmt.Printf("HIRING %q level=%q\n", p.Title, p.Level)
			for _, s := range p.Steps {
				fmt.Printf("   %d %s %v %v opt=%v %.90q\n", s.Line, s.Kind, s.Minutes, s.Interviewers, s.Optional, s.Text)
			}
		}
	}
}
