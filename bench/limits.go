package main

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// work is the folder for everything that a run makes.
var work = filepath.Join("bench", ".work")

// A bench is a prepared run: the programs are built, the pages copied.
type bench struct {
	folder string // of the copied pages
	cadre  string
	bare   string
	cache  string // the user's cache folder, as Cadre sees it
	list   []string
	size   size
	edits  int
}

// A size tells how much there is to read.
type size struct {
	pages int
	bytes int64
}

// prepare builds the programs and copies the pages, under names that every
// peer takes for Markdown.
func prepare(ctx context.Context, pages string) (*bench, error) {
	here, err := filepath.Abs(work)
	if err != nil {
		return nil, err
	}
	b := &bench{
		folder: filepath.Join(here, "pages"), cache: filepath.Join(here, "cache"),
		cadre: filepath.Join(here, "bin", "cadre"), bare: filepath.Join(here, "bin", "bare"),
	}
	for name, source := range map[string]string{b.cadre: "./cmd/cadre", b.bare: "./bench/bare"} {
		c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", name, source)
		c.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is built for use
		c.Stderr = os.Stderr
		if err := c.Run(); err != nil {
			return nil, fmt.Errorf("build %s: %w", source, err)
		}
	}
	if err := os.RemoveAll(b.folder); err != nil {
		return nil, err
	}
	return b, b.copy(pages)
}

// copy copies the pages.
func (b *bench) copy(pages string) error {
	return filepath.WalkDir(pages, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name := strings.TrimSuffix(path, ".erb")
		if filepath.Ext(name) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(pages, name)
		if err != nil {
			return err
		}
		to := filepath.Join(b.folder, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		b.list = append(b.list, to)
		b.size.pages++
		b.size.bytes += int64(len(text))
		return os.WriteFile(to, text, 0o644)
	})
}

// check is `cadre check` over all pages.
func (b *bench) check(name string, before func() error) *program {
	return &program{
		name: name, command: []string{b.cadre, "check", b.folder},
		env: []string{"XDG_CACHE_HOME=" + b.cache}, before: before, exits: []int{1},
	}
}

// cold removes what Cadre has kept.
func (b *bench) cold() error { return os.RemoveAll(b.cache) }

// edit changes one page: another one each time, in its middle, so that every
// line behind it moves.
func (b *bench) edit() error {
	path := b.list[b.edits*37%len(b.list)]
	b.edits++
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	at := len(text)/2 + bytes.IndexByte(text[len(text)/2:], '\n') + 1
	text = append(text[:at:at], append([]byte("\nA paragraph is added.\n\n"), text[at:]...)...)
	return os.WriteFile(path, text, 0o644)
}

// limits measures what has a limit: P1, P2 and the start of the program.
func (b *bench) limits(ctx context.Context, r *results, rounds int) error {
	r.bare = &program{name: "bare goldmark + front matter, one thread", command: []string{b.bare, b.folder}}
	r.parallel = &program{name: "bare goldmark + front matter, all processors", command: []string{b.bare, "-parallel", b.folder}}
	r.cold = b.check("cadre check, cold", b.cold)
	if err := measure(ctx, rounds, r.parallel, r.cold, r.bare); err != nil {
		return err
	}
	// The rounds that start cold and those that start warm cannot be mixed.
	r.warmParallel = &program{name: r.parallel.name, command: r.parallel.command}
	r.warmBare = &program{name: r.bare.name, command: r.bare.command}
	r.warm = b.check("cadre check, warm, one page edited", b.edit)
	r.unchanged = b.check("cadre check, warm, nothing edited", nil)
	if err := measure(ctx, rounds, r.warmParallel, r.warm, r.unchanged, r.warmBare); err != nil {
		return err
	}
	empty := filepath.Join(filepath.Dir(b.folder), "empty")
	if err := os.MkdirAll(empty, 0o755); err != nil {
		return err
	}
	r.start = &program{name: "cadre version", command: []string{b.cadre, "version"}}
	r.startBare = &program{name: "bare, without a page", command: []string{b.bare, empty}}
	return measure(ctx, rounds, r.startBare, r.start)
}
