package cli

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
)

// fixRounds is how often fixes are applied at most: fixes that touch the same
// bytes need one round each.
const fixRounds = 10

// A fixed page is what the safe fixes make of it.
type fixedPage struct {
	file  *source.File
	text  []byte
	fixes int
}

// fixes applies the safe fixes of the findings, in memory, and returns the
// pages that they change.
func (k *checking) fixes() []fixedPage {
	byPage := map[string][]*diag.Fix{}
	waived := k.project.Waive(k.found.Findings, k.project.rules, nil, time.Now())
	for i := range waived.Open {
		if fix := waived.Open[i].Fixable(); fix != nil {
			byPage[waived.Open[i].Path] = append(byPage[waived.Open[i].Path], fix)
		}
	}
	var pages []fixedPage
	for _, page := range k.found.Pages {
		text, n := diag.Apply(page.File.Text, byPage[page.File.Path])
		if n > 0 {
			pages = append(pages, fixedPage{page.File, text, n})
		}
	}
	return pages
}

// previewFixes prints what --fix would change as a unified diff.
func (k *checking) previewFixes() error {
	for _, p := range k.fixes() {
		if _, err := k.app.out.Write(diag.Diff(p.file.Path, p.file.Text, p.text)); err != nil {
			return err
		}
	}
	return nil
}

// applyFixes writes the fixed pages and checks again, until nothing is left to
// fix.
func (k *checking) applyFixes(ctx context.Context) error {
	total := 0
	for range fixRounds {
		pages := k.fixes()
		if len(pages) == 0 {
			break
		}
		fixed := make(map[string]*source.File, len(pages))
		for _, p := range pages {
			if err := rewrite(p.file.Path, p.text); err != nil {
				return fault.New(fault.Invalid, "cannot write the fixed page: %w", err)
			}
			fixed[p.file.Path] = source.New(p.file.Path, p.text)
			total += p.fixes
		}
		for i, f := range k.files {
			if n := fixed[f.Path]; n != nil {
				k.files[i] = n
			}
		}
		if err := k.compile(ctx); err != nil {
			return err
		}
	}
	if total > 0 {
		k.app.note("%d fixed", total)
	}
	return nil
}

// rewrite replaces the content of a file, whole or not at all; its permissions
// stay, and a link keeps leading to it.
func rewrite(path string, text []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if f, err := os.OpenFile(path, os.O_WRONLY, 0); err != nil {
		return err // a page that its owner has protected
	} else if err := f.Close(); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails once it has its final name
	if _, err := f.Write(text); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), info.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
