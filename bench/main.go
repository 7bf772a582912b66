// Command bench measures Cadre against limits and peers and writes
// RESULTS.md.
//
//	go run ./bench [-quick] [-only compiler|server|browser] [-pages FOLDER] [-out FILE]
//
// Absolute times mean little on machines that are shared, so everything is a
// ratio: the programs run in turn, round by round, each as a process of its
// own, and what counts is the median of the ratios of the rounds. The yardstick
// is bench/bare, a process that walks, reads and parses the same pages with the
// same Markdown and YAML libraries and does nothing else.
//
// The pages are a folder of job families; without one the compiler is not
// measured. Peers are installed into bench/.work, each at a version that is
// written down here; one that cannot be installed is named as missing.
//
// The server is the real program over loopback, with somebody signed in. It and
// those beside it are asked in turn by as many clients at once (bench/load), by
// the clients' own clock; what counts is the median of the ratios of their
// answers in a second. Its yardstick is bench/rawserver, which has the same rows.
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
	only := flag.String("only", "", "measure one `PART`: compiler, server or browser")
	out := flag.String("out", filepath.Join("bench", "RESULTS.md"), "write the results to `FILE`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *pages, *only, *out, *quick)
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
func run(ctx context.Context, pages, only, out string, quick bool) error {
	r := results{quick: quick, without: "this was not asked for"}
	if only == "" || only == "compiler" {
		if err := compiler(ctx, &r, pages); err != nil {
			return err
		}
	}
	if only == "" || only == "server" {
		if err := servers(ctx, &r); err != nil {
			return err
		}
	}
	if only == "" || only == "browser" {
		r.paints = firstPaint(ctx, 21)
	}
	text := r.markdown()
	fmt.Print(text)
	return os.WriteFile(out, []byte(text), 0o644)
}

// compiler measures P1 to P3, if there are pages.
func compiler(ctx context.Context, r *results, pages string) error {
	if info, err := os.Stat(pages); err != nil || !info.IsDir() {
		r.without = "there are no pages in " + pages + "; name a folder with -pages or CADRE_CORPUS"
		return nil
	}
	r.without = ""
	b, err := prepare(ctx, pages)
	if err != nil {
		return err
	}
	rounds, turns := 101, 5
	if r.quick {
		rounds, turns = 31, 0
	}
	r.size = b.size
	if err := b.limits(ctx, r, rounds); err != nil || turns == 0 {
		return err
	}
	return b.peers(ctx, r, turns)
}
