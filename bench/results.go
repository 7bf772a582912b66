package main

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// results are the measurements of one run.
type results struct {
	quick   bool
	without string // why the compiler was not measured
	stages  []*stage
	paints  *paints       // nil if nobody asked for them
	length  time.Duration // for which a server is asked in a round
	size    size

	bare, parallel, cold                    *program
	warmBare, warmParallel, warm, unchanged *program
	start, startBare                        *program
	unread                                  int // pages that peers are not given
	peers                                   []*peer
}

// The limits of the targets P1 and P2.
const (
	coldLimit = 1.3
	warmLimit = 0.35
	peakLimit = 64 << 20
)

// markdown returns the results as a page.
func (r *results) markdown() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("# Benchmarks")
	p("")
	p("Written by `make bench`; do not edit. %d processors, %s. Those that are compared run in turn, and a ratio is the median of the", runtime.NumCPU(), runtime.Version())
	p("ratios of all rounds. Times are medians, and mean something only beside each other.")
	p("")
	if r.without == "" {
		r.compilerTables(p)
	} else {
		p("The compiler was not measured: %s.", r.without)
	}
	for _, s := range r.stages {
		p("")
		p("## %s", s.title)
		p("")
		if s.missing != "" {
			p("Not measured: %s.", s.missing)
			continue
		}
		p("%d rounds; in each, every server is asked for %s by as many clients as there are, over loopback, on the same machine. The", len(s.contests[0].cadre.rates), r.length)
		p("processor's time is that of the server for one request.")
		for _, c := range s.contests {
			p("")
			p("%s", strings.TrimSuffix(c.markdown(), "\n"))
		}
	}
	if r.paints != nil {
		b.WriteString(r.paints.markdown())
	}
	return b.String()
}

// compilerTables tells how the compiler did.
func (r *results) compilerTables(p func(string, ...any)) {
	p("The compiler reads %d pages, %.1f MB. Each program is a process of its own, output thrown away, in %d rounds. Processor time", r.size.pages, float64(r.size.bytes)/1e6, len(r.cold.wall))
	p("counts all threads.")
	p("")
	p("## P1: all pages, nothing kept from earlier runs")
	p("")
	p("The yardstick walks, reads and parses the same pages with goldmark and a YAML library, and does nothing else (`bench/bare`).")
	p("")
	p("| program | wall ms | processor ms | peak MiB | wall ÷ bare, all processors | wall ÷ bare, one thread |")
	p("|---|---:|---:|---:|---:|---:|")
	for _, q := range []*program{r.parallel, r.bare, r.cold} {
		p("%s", row(q, r.parallel, r.bare))
	}
	p("")
	p("- against all processors: %s", verdict(r.cold.ratio(r.parallel), coldLimit))
	p("- against one thread: %s", verdict(r.cold.ratio(r.bare), coldLimit))
	p("- processor time against one thread: %.2f×", r.cold.workRatio(r.bare))
	p("- peak memory %.1f MiB, limit %d MiB: %s", mebibytes(r.cold.peak), peakLimit>>20, kept(r.cold.peak <= peakLimit))
	p("")
	p("## P2: one page edited since the last run")
	p("")
	p("Each round edits another page in its middle.")
	p("")
	p("| program | wall ms | processor ms | peak MiB | wall ÷ bare, all processors | wall ÷ bare, one thread |")
	p("|---|---:|---:|---:|---:|---:|")
	for _, q := range []*program{r.warmParallel, r.warmBare, r.warm, r.unchanged} {
		p("%s", row(q, r.warmParallel, r.warmBare))
	}
	p("")
	p("- against all processors: %s", verdict(r.warm.ratio(r.warmParallel), warmLimit))
	p("- against one thread: %s", verdict(r.warm.ratio(r.warmBare), warmLimit))
	p("")
	p("## Start")
	p("")
	p("`cadre version` takes %.1f ms, the yardstick without a page %.1f ms: %.2f×.", milliseconds(r.start.wall), milliseconds(r.startBare.wall), r.start.ratio(r.startBare))
	p("")
	r.peerTable(p)
}

// row is a line of a table.
func row(q, parallel, bare *program) string {
	return fmt.Sprintf("| %s | %.1f | %.1f | %.1f | %.2f | %.2f |", q.name,
		milliseconds(q.wall), milliseconds(q.work), mebibytes(q.peak), q.ratio(parallel), q.ratio(bare))
}

// peerTable tells how the peers did.
func (r *results) peerTable(p func(string, ...any)) {
	p("## P3: peers")
	p("")
	if r.quick {
		p("Not measured: this was `make bench-quick`.")
		return
	}
	p("Each checks the same pages with rules of its own, and reads no cache; nor does Cadre. What they look for differs, so this says")
	p("how long a writer waits, not which program is the better one. Pages whose front matter is no YAML (%d) are left out here, since", r.unread)
	p("Vale ends where it meets one.")
	p("")
	p("| peer | wall ms | peak MiB | Cadre is faster by | wanted |")
	p("|---|---:|---:|---:|---:|")
	for _, q := range r.peers {
		if q.missing != "" {
			p("| %s | could not be installed: %s | | | ≥ %.0f× |", q.name, q.missing, q.wants)
			continue
		}
		p("| %s | %.0f | %.0f | %.0f× | ≥ %.0f× |", q.name, milliseconds(q.wall), mebibytes(q.peak), q.ratio(q.cadre), q.wants)
	}
}

func verdict(ratio, limit float64) string {
	return fmt.Sprintf("%.2f×, limit %.2f×: %s", ratio, limit, kept(ratio <= limit))
}

func kept(ok bool) string {
	if ok {
		return "kept"
	}
	return "**missed**"
}

func mebibytes(n int64) float64 { return float64(n) / (1 << 20) }
