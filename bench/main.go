// Command bench measures Cadre against limits and peers and writes
// RESULTS.md.
//
//	go run ./bench [-quick] [-pages FOLDER] [-out FILE]
//
// Absolute times mean little on machines that are shared, so everything is a
// ratio: the programs run in turn, round by round, each as a process of its
// own, and what counts is the median of the ratios of the rounds. The yardstick
// is bench/bare, a process that walks, reads and parses the same pages with the
// same Markdown and YAML libraries and does nothing else.
//
// The pages are a folder of job families; without one the benchmark says so and
// ends. Peers are installed into bench/.work, each at a version that is written
// down here; one that cannot be installed is named as missing.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	quick := flag.Bool("quick", false, "a minute: few rounds, no peers")
	pages := flag.String("pages", corpus(), "the `FOLDER` of pages to read")
	out := flag.String("out", filepath.Join("bench", "RESULTS.md"), "write the results to `FILE`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *pages, *out, *quick)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// corpus returns the folder of pages that is measured where none is named.
func corpus() string {
	return filepath.Join(cmp.Or(os.Getenv("CADRE_CORPUS"), filepath.Join("..", "shared", "corpus")), "pages")
}

// run measures everything and writes the results.
func run(ctx context.Context, pages, out string, quick bool) error {
	if info, err := os.Stat(pages); err != nil || !info.IsDir() {
		fmt.Printf("skipped: there are no pages in %s; name a folder with -pages or CADRE_CORPUS\n", pages)
		return nil
	}
	b, err := prepare(ctx, pages)
	if err != nil {
		return err
	}
	rounds, turns := 101, 5
	if quick {
		rounds, turns = 31, 0
	}
	r := results{size: b.size, quick: quick}
	if err := b.limits(ctx, &r, rounds); err != nil {
		return err
	}
	if turns > 0 {
		if err := b.peers(ctx, &r, turns); err != nil {
			return err
		}
	}
	text := r.markdown()
	fmt.Print(text)
	return os.WriteFile(out, []byte(text), 0o644)
}
