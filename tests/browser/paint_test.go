package browser

import (
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/cadre-hq/cadre/internal/app/apptest"
)

// How long after somebody asks for a page they see the first of it, in a
// browser that has the style sheet already. The yardstick is an answer of the
// same server without any page: what the browser itself needs. All are asked for
// in turn, and what counts is the median of the ratios. `make bench` writes it
// down; no test fails for it, since machines differ.
func BenchmarkFirstPaint(b *testing.B) {
	a := apptest.Demonstration(b)
	reader, _ := apptest.SignIn(b, a, "Ada Okafor")
	tab := open(b, a)
	tab.carry(reader)
	tab.size(1440, 900)
	pages := []struct{ name, path string }{
		{"bare", "/healthz"}, {"list", "/"}, {"family", "/families/backend-engineer"}, {"design", "/design"},
	}
	paint := func(path string) float64 {
		tab.do(chromedp.Navigate("about:blank"))
		tab.visit(path)
		return evaluate[float64](tab, firstPaint)
	}
	for _, p := range pages {
		paint(p.path) // fills the cache
	}
	paints, ratios := map[string][]float64{}, map[string][]float64{}
	for b.Loop() {
		var bare float64
		for _, p := range pages {
			took := paint(p.path)
			if p.name == "bare" {
				bare = took
			}
			paints[p.name] = append(paints[p.name], took)
			ratios[p.name] = append(ratios[p.name], took/bare)
		}
	}
	for _, p := range pages {
		b.ReportMetric(median(paints[p.name]), p.name+"-ms")
		if p.name != "bare" {
			b.ReportMetric(median(ratios[p.name]), p.name+"-÷bare")
		}
	}
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// firstPaint is when the browser showed the first text or picture, in
// milliseconds after it was sent to the page.
const firstPaint = `new Promise(done => new PerformanceObserver(list => {
	for (const e of list.getEntries()) if (e.name === "first-contentful-paint") done(e.startTime);
}).observe({type: "paint", buffered: true}))`
