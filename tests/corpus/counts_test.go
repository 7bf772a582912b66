// Package corpus measures the compiler over a corpus of real pages: `run` scores
// it against labels made by hand, and the test in this package prints how much
// was understood beside what was counted by other means.
package corpus

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// counted is how many pages the figures beside ours were taken from. They were
// counted with regular expressions and are good to a few per cent.
const counted = 217

// A row is a figure of the table. Theirs is that of all counted pages; one that
// is a share is compared as it is, others by the number of pages.
type row struct {
	what   string
	theirs float64
	ours   float64
	share  bool
}

// TestCounts prints the table (go test -v). It fails only where a page is lost.
func TestCounts(t *testing.T) {
	pages := models(t)
	rows := slices.Concat(levelCounts(pages), sectionCounts(pages), gradeCounts(pages), hiringCounts(pages), dutyCounts(pages))
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-46s %10s %10s %8s\n", "", fmt.Sprint(counted, " pages"), fmt.Sprint("for ", len(pages)), "ours")
	for _, r := range rows {
		scaled := ""
		if !r.share {
			scaled = fmt.Sprintf("%.0f", r.theirs*float64(len(pages))/counted)
		}
		fmt.Fprintf(&table, "%-46s %10v %10s %8v\n", r.what, r.theirs, scaled, r.ours)
	}
	t.Log(table.String())
}

// models compiles the pages of the corpus, or skips the test.
func models(t *testing.T) []*family.Family {
	t.Helper()
	folder := filepath.Join(cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "..", "..", "shared", "corpus")), "pages")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("no corpus: set CADRE_CORPUS to the folder that holds pages/")
	}
	files, problems, err := source.Load(t.Context(), []string{folder}, source.Options{})
	if err != nil || len(problems) > 0 || len(files) == 0 {
		t.Fatalf("%d pages, problems %v, %v", len(files), problems, err)
	}
	snapshot, err := compile.Models(context.Background(), files, compile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	families := make([]*family.Family, len(files))
	for i, p := range snapshot.Pages {
		if p.File != files[i] || p.Family == nil {
			t.Fatalf("%s is lost", files[i].Path)
		}
		families[i] = p.Family
	}
	return families
}

// hundredths returns part of all as a percentage with one decimal.
func hundredths(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part*1000/all) / 10
}

// median returns the middle one of some numbers.
func median(numbers []int) float64 {
	if len(numbers) == 0 {
		return 0
	}
	return float64(slices.Sorted(slices.Values(numbers))[len(numbers)/2])
}

// levelCounts tells of levels, and of what they have of their own or from the
// page.
func levelCounts(pages []*family.Family) []row {
	var levels, none, most, grade, reports, spans, duties, requirements, indicators, hiring, ladder int
	var each []int
	for _, f := range pages {
		if len(f.Levels) == 0 {
			none++
		}
		each = append(each, len(f.Levels))
		most = max(most, len(f.Levels))
		wide := len(f.Hiring) > 0 && slices.ContainsFunc(f.Hiring, func(p *family.Process) bool { return p.Level == "" })
		for _, l := range f.Levels {
			levels++
			grade += one(len(l.Grades) > 0)
			reports += one(len(l.ReportsTo) > 0)
			spans += one(l.Manages != nil)
			duties += one(l.Responsibilities.Stated() || f.Responsibilities.Stated())
			requirements += one(l.Requirements.Stated() || f.Requirements.Stated())
			indicators += one(l.Indicators.Stated() || f.Indicators.Stated())
			hiring += one(wide || slices.ContainsFunc(f.Hiring, func(p *family.Process) bool { return p.Level == l.Title }))
			ladder += one(l.Ladder.Stated || f.Ladder.Stated)
		}
	}
	return []row{
		{"pages", counted, float64(len(pages)), false},
		{"levels", 662, float64(levels), false},
		{"levels of a page, median", 3, median(each), true},
		{"levels of a page, at most", 17, float64(most), true},
		{"pages without a level heading", 38, float64(none), false},
		{"% of levels with a grade", 93.8, hundredths(grade, levels), true},
		{"% of levels with a reporting line", 66.8, hundredths(reports, levels), true},
		{"% of levels with responsibilities", 93.5, hundredths(duties, levels), true},
		{"% of levels with requirements", 92, hundredths(requirements, levels), true},
		{"% of levels with performance indicators", 82.6, hundredths(indicators, levels), true},
		{"% of levels with a hiring process", 81.4, hundredths(hiring, levels), true},
		{"% of levels with a career ladder", 79, hundredths(ladder, levels), true},
		{"levels with a span of control", 15, float64(spans), false},
	}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// sectionCounts tells of headings by what they are about.
func sectionCounts(pages []*family.Family) []row {
	headings, with := map[family.Kind]int{}, map[family.Kind]int{}
	var links, diagrams int
	for _, f := range pages {
		seen := map[family.Kind]bool{}
		for _, s := range f.Sections {
			if s.Title == "" || s.Pseudo {
				continue
			}
			headings[s.Kind]++
			if !seen[s.Kind] {
				seen[s.Kind] = true
				with[s.Kind]++
			}
		}
		links += len(f.Links)
		diagrams += one(len(f.Ladder.Edges) > 0)
	}
	var rows []row
	for _, k := range []struct {
		kind  family.Kind
		pages float64
	}{{family.HiringKind, 186}, {family.IndicatorsKind, 185}, {family.LadderKind, 170}, {family.GradeKind, 195}} {
		rows = append(rows, row{"pages with a heading: " + string(k.kind), k.pages, float64(with[k.kind]), false})
	}
	for _, k := range []struct {
		kind     family.Kind
		headings float64
	}{
		{family.RequirementsKind, 903},
		{family.ResponsibleKind, 884},
		{family.GradeKind, 708},
		{family.IndicatorsKind, 265},
		{family.HiringKind, 227},
		{family.LadderKind, 202},
		{family.LevelsKind, 145},
		{family.SpecialtiesKind, 64},
		{family.NiceKind, 32},
		{family.ReferencesKind, 10},
		{family.CompensationKind, 10},
		{family.SegmentsKind, 8},
	} {
		rows = append(rows, row{"headings: " + string(k.kind), k.headings, float64(headings[k.kind]), false})
	}
	return append(rows,
		row{"headings: a specialty", 298, float64(headings[family.SpecialtyKind]), false},
		row{"drawn career ladders", 13, float64(diagrams), false},
		row{"links", 3702, float64(links), false})
}

// gradeCounts tells which grades there are, and how they climb.
func gradeCounts(pages []*family.Family) []row {
	values := map[string]int{}
	var up, down, mixed int
	for _, f := range pages {
		var first []float64
		for _, l := range f.Levels {
			for _, g := range l.Grades {
				values[g.Value]++
			}
			if len(l.Grades) > 0 {
				if v, err := strconv.ParseFloat(l.Grades[0].Value, 64); err == nil {
					first = append(first, v)
				}
			}
		}
		if len(first) < 2 {
			continue
		}
		reversed := slices.Clone(first)
		slices.Reverse(reversed)
		switch {
		case slices.IsSorted(first):
			up++
		case slices.IsSorted(reversed):
			down++
		default:
			mixed++
		}
	}
	rows := []row{
		{"pages whose grades ascend", 114, float64(up), false},
		{"pages whose grades descend", 1, float64(down), false},
		{"pages whose grades do both", 13, float64(mixed), false},
	}
	for _, v := range []struct {
		grade string
		times float64
	}{{"5", 43}, {"6", 112}, {"7", 128}, {"8", 151}, {"9", 97}, {"9.5", 4}, {"10", 77}, {"11", 46}, {"12", 33}} {
		rows = append(rows, row{"grade " + v.grade, v.times, float64(values[v.grade]), false})
	}
	return rows
}

// hiringCounts tells of hiring processes and their steps.
func hiringCounts(pages []*family.Family) []row {
	var processes, ofLevels, steps, timed, optional, panels, offers, screenings int
	minutes := map[int]int{}
	var each []int
	for _, f := range pages {
		for _, p := range f.Hiring {
			processes++
			ofLevels += one(p.Level != "")
			each = append(each, len(p.Steps))
			for _, s := range p.Steps {
				steps++
				optional += one(s.Optional)
				panels += one(s.Panel)
				offers += one(s.Kind == family.Offer)
				screenings += one(s.Kind == family.Screening)
				if s.Minutes != nil {
					timed++
					minutes[s.Minutes.Max]++
				}
			}
		}
	}
	rows := []row{
		{"hiring processes", 224, float64(processes), false},
		{"hiring processes of a level", 63, float64(ofLevels), false},
		{"steps", 1260, float64(steps), false},
		{"steps of a process, median", 5, median(each), true},
		{"% of steps with a duration", 45.2, hundredths(timed, steps), true},
		{"% of steps that are optional", 7.4, hundredths(optional, steps), true},
		{"% of steps that are a screening call", 18.1, hundredths(screenings, steps), true},
		{"% of steps that are an offer", 4.8, hundredths(offers, steps), true},
		{"% of steps with a panel", 1.4, hundredths(panels, steps), true},
	}
	for _, d := range []struct {
		minutes int
		times   float64
	}{{30, 239}, {45, 122}, {50, 111}, {60, 56}, {25, 15}, {90, 14}} {
		rows = append(rows, row{fmt.Sprintf("steps of %d minutes", d.minutes), d.times, float64(minutes[d.minutes]), false})
	}
	return rows
}

// dutyCounts tells of lists: duties, indicators, what is inherited, specialties.
func dutyCounts(pages []*family.Family) []row {
	var lists, items, indicatorLists, few, indicators, extensions, specialties, nested int
	count := func(d *family.Duties) {
		lists += len(d.Sections)
		items += d.Count()
	}
	measure := func(d *family.Duties) {
		if d.Stated() {
			indicatorLists++
			few += one(d.Count() >= 3 && d.Count() <= 5)
			indicators += d.Count()
		}
	}
	for _, f := range pages {
		count(&f.Responsibilities)
		count(&f.Requirements)
		measure(&f.Indicators)
		for _, l := range f.Levels {
			count(&l.Responsibilities)
			count(&l.Requirements)
			measure(&l.Indicators)
			extensions += len(l.Extends)
		}
		for _, s := range f.Specialties {
			specialties++
			nested += one(s.Parent != "")
			count(&s.Responsibilities)
			count(&s.Requirements)
		}
	}
	return []row{
		{"sections of responsibilities or requirements", 1787, float64(lists), false},
		{"items in them", 14517, float64(items), false},
		{"lists of performance indicators", 263, float64(indicatorLists), false},
		{"performance indicators", 1072, float64(indicators), false},
		{"% of lists with three to five indicators", 59, hundredths(few, indicatorLists), true},
		{"statements that something is inherited", 353, float64(extensions), false},
		{"specialties", 298, float64(specialties), false},
		{"specialties inside others", 14, float64(nested), false},
	}
}
