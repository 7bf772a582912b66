package delta_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/delta"
	"github.com/cadre-hq/cadre/internal/family"
)

func TestZZTyped(t *testing.T) {
	if os.Getenv("MUT3") == "" {
		t.Skip()
	}
	total, bad := map[string]int{}, map[string]int{}
	for _, p := range pages(t) {
		text := read(t, p)
		old := compiled("p.md", text)
		f := old.Family
		ls := strings.Split(text, "\n")
		try := func(name string, line int, new []string, want ...string) {
			var ch []delta.Change
			func() {
				defer func() {
					if r := recover(); r != nil {
						fmt.Println("PANIC", p, r)
					}
				}()
				ch = delta.Compare(old, compiled("p.md", strings.Join(new, "\n")))
			}()
			got := contract(ch)
			slices.Sort(want)
			total[name]++
			if slices.Equal(got, want) {
				return
			}
			bad[name]++
			fmt.Printf("%s %s:%d got %q want %q\n", name, p[len(corpus(t))+7:], line, got, want)
			for i, c := range ch {
				if i < 5 && (c.Category == delta.Contract || c.Category == delta.Expectation) {
					fmt.Printf("      %s [%s] %d>%d -%.100q +%.100q\n", c.Kind, c.Level, c.LineOld, c.LineNew, c.Old, c.New)
				}
			}
		}
		sub := func(line int, from, to string) []string {
			out := slices.Clone(ls)
			if line < 1 || line > len(ls) || !strings.Contains(out[line-1], from) {
				return nil
			}
			out[line-1] = strings.Replace(out[line-1], from, to, 1)
			return out
		}
		end := func(i int) int { // line after section i and its children
			d := f.Sections[i].Depth
			for j := i + 1; j < len(f.Sections); j++ {
				if f.Sections[j].Depth <= d {
					return f.Sections[j].Line
				}
			}
			return len(ls) + 1
		}
		for _, l := range f.Levels {
			for _, g := range l.Grades {
				line := old.File.Line(g.Span.Start)
				if n := sub(line, g.Value, "13"); n != nil {
					try("grade", line, n, "grade "+words(l.Title))
				}
			}
			for _, r := range l.ReportsTo {
				line := old.File.Line(r.Span.Start)
				if n := sub(line, r.Title, "Chief Harbour Officer"); n != nil {
					try("reports_to", line, n, "reports_to "+words(l.Title))
				}
			}
			for i, s := range f.Sections {
				if s.Span == l.Span && s.Line == l.Line && s.Depth > 0 {
					if n := sub(l.Line, s.Title, "Harbour "+s.Title); n != nil {
						try("rename", l.Line, n, "level_renamed "+words("Harbour "+l.Title))
					}
					e := end(i)
					others := 0
					for _, m := range f.Levels {
						if m != l && m.Line >= l.Line && m.Line < e {
							others++
						}
					}
					for _, m := range f.Specialties {
						if m.Line >= l.Line && m.Line < e && m.Level != l.Title {
							others++
						}
					}
					for _, m := range f.Hiring {
						if m.Line >= l.Line && m.Line < e && m.Level != l.Title {
							others++
						}
					}
					own := e > l.Line+4 && others == 0
					for _, x := range f.Sections {
						if x.Level == l.Title && (x.Line < l.Line || x.Line >= e) {
							own = false
						}
						if x.Level != l.Title && (x.Line >= l.Line && x.Line < e) && x.Kind != family.SpecialtyKind {
							own = false
						}
					}
					if own && len(f.Levels) > 2 {
						n := append(slices.Clone(ls[:l.Line-1]), ls[e-1:]...)
						try("level_removed", l.Line, n, "level_removed "+words(l.Title))
						var back []delta.Change
						func() {
							defer func() { recover() }()
							back = delta.Compare(compiled("p.md", strings.Join(n, "\n")), old)
						}()
						total["level_added"]++
						if w := []string{"level_added " + words(l.Title)}; !slices.Equal(contract(back), w) {
							bad["level_added"]++
						}
					}
				}
			}
		}
		for _, sp := range f.Specialties {
			if sp.Group {
				continue
			}
			for i, s := range f.Sections {
				if s.Span == sp.Span {
					if n := sub(sp.Line, s.Title, "Harbour Logistics"); n != nil {
						try("spec_rename", sp.Line, n, "specialty_renamed "+words(sp.Level))
					}
					e := end(i)
					others := 0
					for _, m := range f.Specialties {
						if m != sp && m.Line >= sp.Line && m.Line < e {
							others++
						}
					}
					if others == 0 {
						n := append(slices.Clone(ls[:sp.Line-1]), ls[e-1:]...)
						try("spec_removed", sp.Line, n, "specialty_removed "+words(sp.Level))
					}
				}
			}
		}
		for _, h := range f.Hiring {
			for k, s := range h.Steps {
				if !bullet.MatchString(ls[s.Line-1]) {
					continue
				}
				if s.Line < len(ls) && strings.TrimSpace(ls[s.Line]) != "" && !bullet.MatchString(ls[s.Line]) {
					continue
				}
				lv := words(h.Level)
				n := append(slices.Clone(ls[:s.Line-1]), ls[s.Line:]...)
				try("step_removed", s.Line, n, "step_removed "+lv)
				if s.Minutes != nil {
					if n := sub(s.Line, fmt.Sprint(s.Minutes.Min), "75"); n != nil {
						try("minutes", s.Line, n, "step_changed "+lv)
					}
				}
				for _, iv := range s.Interviewers {
					if n := sub(s.Line, iv.Title, "Harbour Pilot"); n != nil {
						try("interviewer", s.Line, n, "step_changed "+lv)
					}
				}
				if strings.Contains(ls[s.Line-1], "will be") {
					if n := sub(s.Line, "will be", "may be"); n != nil {
						try("optional", s.Line, n, "step_changed "+lv)
					}
				}
				if k > 0 && h.Steps[k-1].Line == s.Line-1 && bullet.MatchString(ls[s.Line-2]) && h.Steps[k-1].Text != s.Text {
					n := slices.Clone(ls)
					n[s.Line-1], n[s.Line-2] = n[s.Line-2], n[s.Line-1]
					try("swap", s.Line, n, "steps_reordered "+lv)
				}
			}
		}
	}
	for k, n := range total {
		fmt.Println("=====", k, bad[k], "/", n)
	}
}
