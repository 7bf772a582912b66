package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/bench/load"
)

// A contestant is a server and the request that it is asked.
type contestant struct {
	name   string
	on     *server
	target load.Target
	// least is how fast Cadre is to be beside it, in requests in a second; 0
	// where it is there to be seen.
	least   float64
	durable string // when a write counts as done; "" of what only reads

	rates []float64       // requests in a second, of each round
	works []time.Duration // of the processors of the server for a request, of each round
	p50s  []time.Duration
	p99s  []time.Duration
	body  int64 // bytes of an answer
}

// A contest is Cadre against others, for one thing that is asked.
type contest struct {
	title   string
	about   string
	clients int
	cadre   *contestant
	others  []*contestant
}

// An effort is how long contests last.
type effort struct {
	rounds int
	length time.Duration // for which each server is asked in a round
}

// run asks the servers in turn, round by round; the one that begins changes.
// The first round warms all of them up and does not count.
func (c *contest) run(ctx context.Context, e effort) error {
	all := append([]*contestant{c.cadre}, c.others...)
	for round := range e.rounds + 1 {
		for i := range all {
			p := all[(i+round)%len(all)]
			before := p.on.work()
			r, err := load.Run(ctx, p.target, c.clients, e.length)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return fmt.Errorf("%s: %s: %w", c.title, p.name, err)
			}
			if round == 0 || r.Requests == 0 {
				continue
			}
			p.rates = append(p.rates, r.Rate())
			p.works = append(p.works, (p.on.work()-before)/time.Duration(r.Requests))
			p.p50s = append(p.p50s, r.Latency(0.5))
			p.p99s = append(p.p99s, r.Latency(0.99))
			p.body = r.Bytes / int64(r.Requests)
		}
	}
	return nil
}

// work returns the time that all processors have worked for the server, as far
// as the system tells (Linux, to 10 ms), else 0.
func (s *server) work() time.Duration {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(s.process.Process.Pid) + "/stat")
	if err != nil {
		return 0
	}
	// The name of the program, in brackets, may hold blanks.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}

// markdown returns the contest as a table.
func (c *contest) markdown() string {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	writes := c.cadre.durable != ""
	p("### %s, %d clients", c.title, c.clients)
	p("")
	if c.about != "" {
		p("%s", c.about)
		p("")
	}
	columns := []string{"server"}
	if writes {
		columns = append(columns, "durable")
	}
	columns = append(columns, "requests/s", "p50 ms", "p99 ms", "processor µs", "bytes", "Cadre ÷ it, requests/s", "its processor ÷ Cadre's", "wanted", "")
	p("| %s |", strings.Join(columns, " | "))
	p("|---|%s%s", strings.Repeat("---|", len(columns)-9), strings.Repeat("---:|", 8))
	for _, o := range append([]*contestant{c.cadre}, c.others...) {
		cells := []string{o.name}
		if writes {
			cells = append(cells, o.durable)
		}
		ratio := c.ratio(o)
		cells = append(cells,
			fmt.Sprintf("%.0f", middle(o.rates)), fmt.Sprintf("%.2f", milliseconds(o.p50s)), fmt.Sprintf("%.2f", milliseconds(o.p99s)),
			fmt.Sprintf("%.0f", 1000*milliseconds(o.works)), strconv.FormatInt(o.body, 10),
			fmt.Sprintf("%.2f×", ratio), fmt.Sprintf("%.2f×", workRatio(o, c.cadre)))
		if o.least > 0 {
			cells = append(cells, fmt.Sprintf("≥ %.1f×", o.least), kept(ratio >= o.least))
		} else {
			cells = append(cells, "", "")
		}
		p("| %s |", strings.Join(cells, " | "))
	}
	return b.String()
}

// ratio returns the median, over the rounds, of the requests that Cadre
// answered by those of another.
func (c *contest) ratio(o *contestant) float64 {
	ratios := make([]float64, min(len(o.rates), len(c.cadre.rates)))
	for i := range ratios {
		ratios[i] = c.cadre.rates[i] / o.rates[i]
	}
	return middle(ratios)
}

// workRatio returns the median, over the rounds, of the processor time of one
// by that of another.
func workRatio(o, cadre *contestant) float64 {
	n := min(len(o.works), len(cadre.works))
	ratios := make([]float64, 0, n)
	for i := range n {
		if cadre.works[i] > 0 {
			ratios = append(ratios, float64(o.works[i])/float64(cadre.works[i]))
		}
	}
	return middle(ratios)
}

// middle returns the median of values; 0 of none.
func middle(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	return median(slices.Sorted(slices.Values(values)))
}
