package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// A program is a command that is measured.
type program struct {
	name    string
	command []string
	env     []string     // besides that of this process
	before  func() error // runs before each measurement and is not measured
	exits   []int        // codes that mean that it did its work, besides 0

	wall []time.Duration // of each round
	work []time.Duration // of all processors, of each round
	peak int64           // bytes, of all rounds
}

// measure runs the programs in turn, round by round. The first round fills the
// caches of the system and does not count.
func measure(ctx context.Context, rounds int, programs ...*program) error {
	for round := range rounds + 1 {
		for _, p := range programs {
			wall, work, peak, err := p.once(ctx)
			if err != nil {
				return err
			}
			if round > 0 {
				p.wall, p.work, p.peak = append(p.wall, wall), append(p.work, work), max(p.peak, peak)
			}
		}
	}
	return nil
}

// once runs the program once.
func (p *program) once(ctx context.Context) (wall, work time.Duration, peak int64, err error) {
	if p.before != nil {
		if err := p.before(); err != nil {
			return 0, 0, 0, err
		}
	}
	c := exec.CommandContext(ctx, p.command[0], p.command[1:]...)
	c.Env = append(os.Environ(), p.env...)
	start := time.Now()
	err = c.Run()
	wall = time.Since(start)
	if c.ProcessState == nil || err != nil && !slices.Contains(p.exits, c.ProcessState.ExitCode()) {
		return 0, 0, 0, fmt.Errorf("%s: %w", p.name, err)
	}
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak = u.Maxrss
		if runtime.GOOS != "darwin" {
			peak *= 1024 // the others count in KiB
		}
	}
	return wall, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), peak, nil
}

// ratio returns the median, over the rounds, of the time of p by that of q.
func (p *program) ratio(q *program) float64 {
	return ratio(p.wall, q.wall)
}

// workRatio is ratio for the time of all processors.
func (p *program) workRatio(q *program) float64 {
	return ratio(p.work, q.work)
}

func ratio(p, q []time.Duration) float64 {
	ratios := make([]float64, len(p))
	for i := range ratios {
		ratios[i] = float64(p[i]) / float64(q[i])
	}
	slices.Sort(ratios)
	return median(ratios)
}

// milliseconds returns the median of durations.
func milliseconds(ds []time.Duration) float64 {
	ds = slices.Sorted(slices.Values(ds))
	return float64(median(ds)) / float64(time.Millisecond)
}

// median returns the middle of sorted values.
func median[T any](sorted []T) T { return sorted[len(sorted)/2] }
