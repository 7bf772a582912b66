package main

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
)

// paints are how long a browser takes to show the first of a page.
type paints struct {
	missing string // why it was not measured
	rounds  int
	figures map[string]float64 // by the unit of the benchmark: "list-ms", "list-÷bare"
}

// paintLimit is how many milliseconds the first paint of a page may take.
const paintLimit = 100

// firstPaint asks the benchmark of tests/browser, which knows how to look.
func firstPaint(ctx context.Context, rounds int) *paints {
	p := &paints{rounds: rounds, figures: map[string]float64{}}
	c := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "FirstPaint", "-benchtime", strconv.Itoa(rounds)+"x", "./tests/browser")
	out, err := c.CombinedOutput()
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if !strings.HasPrefix(line, "BenchmarkFirstPaint") {
			continue
		}
		for i := 2; i+1 < len(words); i += 2 {
			if n, err := strconv.ParseFloat(words[i], 64); err == nil {
				p.figures[words[i+1]] = n
			}
		}
	}
	switch {
	case err != nil:
		p.missing = "go test ./tests/browser: " + err.Error()
	case p.figures["bare-ms"] == 0:
		p.missing = "there is no browser, or its tools are not installed: run `make browser` first"
	}
	return p
}

// markdown returns the section of the results.
func (p *paints) markdown() string {
	var b strings.Builder
	b.WriteString("\n## First paint\n\n")
	if p.missing != "" {
		fmt.Fprintf(&b, "Not measured: %s.\n", p.missing)
		return b.String()
	}
	fmt.Fprintf(&b, "%d rounds; in each, Chromium is sent to every page in turn, over loopback, with the style sheet in its cache. The yardstick is\n", p.rounds)
	b.WriteString("an answer of the same server without any page: what the browser itself needs.\n\n")
	b.WriteString("| page | first paint ms | ÷ bare |  |\n|---|---:|---:|---|\n")
	fmt.Fprintf(&b, "| bare: `/healthz` | %.0f | 1.00 |  |\n", p.figures["bare-ms"])
	for _, page := range [][2]string{{"list", "`/`, 18 families"}, {"family", "a family, 5 levels"}, {"design", "`/design`, every component"}} {
		ms := p.figures[page[0]+"-ms"]
		fmt.Fprintf(&b, "| %s | %.0f | %.2f | limit %d ms: %s |\n", page[1], ms, p.figures[page[0]+"-÷bare"], paintLimit, kept(ms <= paintLimit))
	}
	return b.String()
}
