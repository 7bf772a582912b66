package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"

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

// fixes applies the safe fixes of the reported findings, in memory, and returns
// the pages that they change.
func (k *checking) fixes(r *diag.Report) []fixedPage {
	byPage := map[string][]*diag.Fix{}
	for i := range r.Findings {
		if fix := r.Findings[i].Fixable(); fix != nil {
			byPage[r.Findings[i].Path] = append(byPage[r.Findings[i].Path], fix)
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
func (k *checking) previewFixes(r *diag.Report) error {
	pages, total := k.fixes(r), 0
	for _, p := range pages {
		total += p.fixes
		name := strings.TrimPrefix(p.file.Path, "/") // as `patch -p1 -d /` wants it
		if _, err := k.app.out.Write(diag.Diff(name, p.file.Text, p.text)); err != nil {
			return err
		}
	}
	if total == 0 {
		k.app.note("--fix would change nothing: none of %s has a safe fix", counted(len(r.Findings), "finding"))
	} else {
		k.app.note("--fix would fix %s in %s; `cadre check` prints all of %d", counted(total, "finding"), counted(len(pages), "page"), len(r.Findings))
	}
	return nil
}

// applyFixes writes the fixed pages, checks again and corrects the report,
// until nothing is left to fix.
func (k *checking) applyFixes(ctx context.Context, r *diag.Report) error {
	total, changed := 0, map[string]bool{}
	for range fixRounds {
		pages := k.fixes(r)
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
			changed[p.file.Path] = true
		}
		for i, f := range k.files {
			if n := fixed[f.Path]; n != nil {
				k.files[i] = n
			}
		}
		if err := k.compile(ctx); err != nil {
			return err
		}
		if err := k.fill(ctx, r); err != nil {
			return err
		}
	}
	if total > 0 {
		k.app.note("fixed %s in %s", counted(total, "finding"), counted(len(changed), "page"))
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
