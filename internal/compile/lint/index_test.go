package lint

import (
	"slices"
	"testing"
)

// page makes the facts of a page with links.
func page(path string, links ...string) *Facts {
	f := &Facts{Path: path}
	for _, l := range links {
		f.Links = append(f.Links, LinkFact{Target: l})
	}
	return f
}

func TestIndexFindsOutWhereTheFolderLies(t *testing.T) {
	for _, c := range []struct {
		name       string
		site       Site
		pages      []*Facts
		root, base string
		mapped     bool
	}{
		{
			name: "two pages agree",
			pages: []*Facts{
				page("h/jobs/a.md", "/families/jobs/b/", "/families/jobs/c/", "/values/"),
				page("h/jobs/b/index.html.md", "/families/jobs/a"),
				page("h/rules.md"),
			},
			root: "h", base: "/families", mapped: true,
		},
		{
			name:  "one page may be a coincidence",
			pages: []*Facts{page("h/a.md", "/somewhere/b/"), page("h/b.md")},
		},
		{
			name: "most links would be broken",
			pages: []*Facts{
				page("h/a.md", "/x/b/", "/x/a/", "/x/1/", "/x/2/", "/x/3/", "/x/4/", "/x/5/", "/x/6/", "/x/7/"),
				page("h/b.md"),
			},
		},
		{
			name:  "the root of the site",
			pages: []*Facts{page("h/jobs/a.md", "/jobs/b/", "/jobs/a/"), page("h/jobs/b.md")},
			root:  "h", base: "", mapped: true,
		},
		{
			name:  "told, and no link to go by",
			site:  Site{Base: "/families/"},
			pages: []*Facts{page("h/jobs/a.md"), page("h/rules/b.md")},
			root:  "h", base: "/families", mapped: true,
		},
		{
			name:  "told, and only a part of the folder given",
			site:  Site{Base: "/families"},
			pages: []*Facts{page("h/jobs/a.md", "/families/jobs/b/"), page("h/jobs/b.md")},
			root:  "h", base: "/families", mapped: true,
		},
		{
			name:  "told with its folder",
			site:  Site{Base: "/families/", Root: "h"},
			pages: []*Facts{page("h/jobs/a.md")},
			root:  "h", base: "/families", mapped: true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := NewIndex(&Settings{Site: c.site}, c.pages)
			if x.mapped != c.mapped || c.mapped && (x.root != c.root || x.base != c.base) {
				t.Errorf("root %q, base %q, known %v; want %q, %q, %v", x.root, x.base, x.mapped, c.root, c.base, c.mapped)
			}
		})
	}
}

// Only what was given can be broken: a single file says nothing of its
// neighbours, and a folder nothing of those beside it.
func TestVerdictsOutsideOfWhatWasGiven(t *testing.T) {
	for _, c := range []struct {
		name   string
		site   Site
		pages  []*Facts
		target string
		want   Verdict
	}{
		{"a single file", Site{Base: "/j/", Root: "h"}, []*Facts{page("h/a.md")}, "/j/b/", Unknown},
		{"a single file by a path", Site{}, []*Facts{page("h/a.md")}, "b.md", Unknown},
		{"a folder", Site{Base: "/j/", Root: "h"}, []*Facts{page("h/a.md"), page("h/c.md")}, "/j/b/", NoPage},
		{"beside the folder", Site{Base: "/j/", Root: "h"}, []*Facts{page("h/x/a.md"), page("h/x/c.md")}, "/j/b/", Unknown},
		{"a whole folder with one file", Site{Base: "/j/", Root: "h", Whole: []string{"h"}}, []*Facts{page("h/a.md")}, "/j/b/", NoPage},
		{"nothing whole", Site{Base: "/j/", Root: "h", Whole: []string{}}, []*Facts{page("h/a.md"), page("h/c.md")}, "/j/b/", Unknown},
		{"the working directory", Site{Base: "/j/"}, []*Facts{page("a.md"), page("c.md")}, "/j/b/", NoPage},
		{"out of the working directory", Site{}, []*Facts{page("a.md"), page("c.md")}, "../b.md", Unknown},
		{"a page of the working directory", Site{Base: "/j/"}, []*Facts{page("a.md"), page("c.md")}, "/j/c/", OK},
		{"absolute paths", Site{Base: "/j/"}, []*Facts{page("/h/a.md"), page("/h/c.md")}, "/j/c/", OK},
		{"another part of the site", Site{Base: "/j/"}, []*Facts{page("a.md"), page("c.md")}, "/jj/c/", Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := NewIndex(&Settings{Site: c.site}, c.pages)
			if got := x.Resolve(c.pages[0], c.target); got.Verdict != c.want {
				t.Errorf("verdict %v, want %v (%+v)", got.Verdict, c.want, got)
			}
		})
	}
}

func TestSimilarPages(t *testing.T) {
	x := NewIndex(&Settings{Site: Site{Base: "/j/"}}, []*Facts{
		page("h/ops/crane-driver.md"), page("h/ops/yard-planner.md"), page("h/ops/manager.md"), page("h/people/recruiter.md"),
	})
	for site, want := range map[string]string{
		"/j/office/crane-driver/":   "/j/ops/crane-driver/", // moved
		"/j/ops/yard-planers/":      "/j/ops/yard-planner/", // a slip
		"/j/ops/gate-planner/":      "",                     // another role
		"/j/office/manager/":        "",                     // a name that many pages have
		"/j/ops/yard-planner-rail/": "",
	} {
		if got := x.Similar(site); got != want {
			t.Errorf("Similar(%q) = %q, want %q", site, got, want)
		}
	}
}

func TestSimilarAnchors(t *testing.T) {
	names := []string{
		"yard-planner", "yard-planner---specialties", "director-of-yards---specialties", "requirements", "requirements-1", "hiring-process",
	}
	for anchor, want := range map[string][]string{
		"specialties":               {"yard-planner---specialties", "director-of-yards---specialties"},
		"hiring":                    {"hiring-process"},
		"yard-planner-requirements": {"yard-planner"},
		"yard-planner-specialties":  {"yard-planner"},
		"yard-planer":               {"yard-planner"},
		"hirring_process":           {"hiring-process"},
		"yard-manager":              nil,
		"x":                         nil,
	} {
		if got := similarAnchors(names, anchor); !slices.Equal(got, want) {
			t.Errorf("similarAnchors(%q) = %q, want %q", anchor, got, want)
		}
	}
}

func TestNamedFindsEverySpelling(t *testing.T) {
	a := &Facts{Path: "a.md", Levels: []LevelFact{{Title: "Director of Yards (DY)"}}}
	b := &Facts{Path: "b.md", Levels: []LevelFact{{Title: "Yard Director"}, {Title: "Senior Director, Yards"}}}
	x := NewIndex(&Settings{}, []*Facts{a, b})
	if got := x.Named("Director, Yards"); len(got) != 2 || got[0].Page != a || got[1].Page != b {
		t.Errorf("Named: %+v", got)
	}
}
