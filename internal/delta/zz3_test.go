package delta_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/delta"
)

func pages(t testing.TB) []string {
	var out []string
	filepath.WalkDir(corpus(t)+"/pages", func(p string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.Contains(p, ".md") {
			out = append(out, p)
		}
		return nil
	})
	return out
}

var bullet = regexp.MustCompile(`^\s*([-*+]|\d+[.)])\s+\S`)

// deletes each list item in turn
func TestZZItems(t *testing.T) {
	mode := os.Getenv("MUT")
	if mode == "" {
		t.Skip()
	}
	sections := map[string]int{}
	total, bad := 0, 0
	for _, p := range pages(t) {
		text := read(t, p)
		old := compiled("p.md", text)
		ls := strings.Split(text, "\n")
		for i, l := range ls {
			if !bullet.MatchString(l) {
				continue
			}
			if i+1 < len(ls) && strings.TrimSpace(ls[i+1]) != "" && !bullet.MatchString(ls[i+1]) {
				continue
			}
			new := strings.Join(append(append([]string{}, ls[:i]...), ls[i+1:]...), "\n")
			ch := delta.Compare(old, compiled("p.md", new))
			got := delta.Strictest([]delta.PageChange{{Changes: ch}})
			kind := ""
			title := ""
			for _, s := range old.Family.Sections {
				if s.Line <= i+1 {
					kind = string(s.Kind)
					title = fmt.Sprintf("%s %d %s", strings.TrimPrefix(p, corpus(t)+"/pages/"), s.Line, s.Title)
				}
			}
			total++
			want := map[string]delta.Category{"responsibilities": delta.Expectation, "requirements": delta.Expectation, "performance indicators": delta.Expectation, "hiring process": delta.Contract, "specialty": delta.Expectation}[kind]
			if want == "" && (got == delta.Text || got == delta.None) {
				sections[kind+" | "+title]++
				continue
			}
			if want != "" && got == want && len(ch) == 1 {
				continue
			}
			if want == "" && got == delta.Expectation {
				continue
			}
			bad++
			if bad < 60 {
				fmt.Printf("%s:%d kind=%s got=%s n=%d: %.100s\n", p[len(corpus(t))+7:], i+1, kind, got, len(ch), l)
				for _, c := range ch {
					if len(ch) < 6 {
						fmt.Printf("      %s [%s] -%.70q +%.70q\n", c.Kind, c.Level, c.Old, c.New)
					}
				}
			}
		}
	}
	fmt.Println(total, bad)
	for s, n := range sections {
		fmt.Println("SEC", n, s)
	}
}

func rewrite(text string, f func(i int, l string) string) string {
	ls := strings.Split(text, "\n")
	fm := strings.HasPrefix(text, "---")
	var out []string
	code := false
	for i, l := range ls {
		if i > 0 && fm && strings.HasPrefix(l, "---") {
			fm = false
			out = append(out, l)
			continue
		}
		if strings.HasPrefix(strings.TrimSpace(l), "```") {
			code = !code
		}
		if fm || code {
			out = append(out, l)
			continue
		}
		out = append(out, f(i, l))
	}
	return strings.Join(out, "\n")
}

var head = regexp.MustCompile(`^(#+)\s*(.*?)\s*$`)

func TestZZReformat(t *testing.T) {
	muts := map[string]func(string) string{
		"bullets": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				x := strings.TrimLeft(l, " \t")
				ind := l[:len(l)-len(x)]
				if strings.HasPrefix(x, "* ") {
					return ind + "- " + x[2:]
				}
				if strings.HasPrefix(x, "- ") {
					return ind + "* " + x[2:]
				}
				return l
			})
		},
		"depth": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				if m := head.FindStringSubmatch(l); m != nil && len(m[1]) < 6 {
					return "#" + m[1] + " " + m[2]
				}
				return l
			})
		},
		"bold": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				if m := head.FindStringSubmatch(l); m != nil && !strings.ContainsAny(m[2], "*[<{") && m[2] != "" {
					return m[1] + " **" + m[2] + "**"
				}
				return l
			})
		},
		"colon": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				if m := head.FindStringSubmatch(l); m != nil && !strings.ContainsAny(m[2], "*[<{:") && m[2] != "" {
					return m[1] + " " + m[2] + ":"
				}
				return l
			})
		},
		"crlf": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"blank": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				if head.MatchString(l) {
					return "\n" + l + "\n"
				}
				return l + "  "
			})
		},
		"loose": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				if bullet.MatchString(l) {
					return l + "\n"
				}
				return l
			})
		},
		"wrap": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				if head.MatchString(l) || strings.ContainsAny(l, "|<{[`") || len(l) < 60 {
					return l
				}
				x := strings.TrimLeft(l, " \t")
				ind := strings.Repeat(" ", len(l)-len(x))
				if m := bullet.FindString(l); m != "" {
					ind = strings.Repeat(" ", len(m)-1)
				}
				k := strings.LastIndex(l[:60], " ")
				if k < len(ind)+4 {
					return l
				}
				return l[:k] + "\n" + ind + l[k+1:]
			})
		},
		"period": func(s string) string {
			return rewrite(s, func(i int, l string) string {
				l = strings.TrimRight(l, " \r")
				if bullet.MatchString(l) {
					if strings.HasSuffix(l, ".") {
						return l[:len(l)-1]
					}
					return l + "."
				}
				return l
			})
		},
	}
	for name, f := range muts {
		if os.Getenv("MUT2") == "" {
			t.Skip()
		}
		n := 0
		for _, p := range pages(t) {
			text := read(t, p)
			var ch []delta.Change
			func() {
				defer func() {
					if recover() != nil {
						fmt.Println("PANIC", p)
					}
				}()
				ch = delta.Compare(compiled("p.md", text), compiled("p.md", f(text)))
			}()
			got := delta.Strictest([]delta.PageChange{{Changes: ch}})
			if got == delta.Contract || got == delta.Expectation || got == delta.Link {
				n++
				fmt.Println(name, p[len(corpus(t))+7:], got, len(ch))
				for i, c := range ch {
					if i < 4 && c.Category != delta.Text {
						fmt.Printf("      %s [%s] %d>%d -%.100q +%.100q\n", c.Kind, c.Level, c.LineOld, c.LineNew, c.Old, c.New)
					}
				}
			}
		}
		fmt.Println("=====", name, n)
	}
}
