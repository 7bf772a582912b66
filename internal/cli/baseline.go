package cli

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/revision"
	"github.com/cadre-hq/cadre/internal/source"
)

// baselineName is the file of known findings where none is named, in the
// folder of the configuration.
const baselineName = "cadre-baseline.json"

// baselineHere is the value of --write-baseline without a file.
const baselineHere = "-"

// normalArgs joins --write-baseline with a file behind it. Without a file it
// is a flag of its own, and pages may follow; a page is never a .json file.
func normalArgs(args []string) []string {
	var out []string
	for i := 0; i < len(args); i++ {
		if args[i] == "--" {
			return append(out, args[i:]...)
		}
		if args[i] == "--write-baseline" && i+1 < len(args) && strings.HasSuffix(args[i+1], ".json") {
			out = append(out, args[i]+"="+args[i+1])
			i++
			continue
		}
		out = append(out, args[i])
	}
	return out
}

// keepBaseline writes the findings of a report as known.
func (k *checking) keepBaseline(r *diag.Report) error {
	file := k.writeBaseline
	if file == baselineHere {
		file = cmp.Or(k.baseline, filepath.Join(k.project.Root, baselineName))
	}
	var b bytes.Buffer
	if err := diag.WriteBaseline(&b, r.Findings, k.project.name); err != nil {
		return err
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return fault.New(fault.Invalid, "cannot write the baseline: %w", err)
	}
	k.app.note("%s lists %s as known; `cadre check --baseline %[1]s` prints only others", source.Relative("", file), counted(len(r.Findings), "finding"))
	return nil
}

// dropKnown leaves out of a report what the baseline or an earlier revision
// knows.
func (k *checking) dropKnown(ctx context.Context, r *diag.Report) error {
	if k.known == nil {
		if err := k.learnKnown(ctx); err != nil {
			return err
		}
	}
	for _, b := range k.known {
		if gone := b.Gone(r.Findings); gone > 0 && len(k.paths) == 0 {
			k.notes = append(k.notes, fmt.Sprintf("%s that %s lists are gone; write it again with --write-baseline", counted(gone, "finding"), k.baseline))
		}
		r.Findings = b.Filter(r.Findings, k.project.name)
	}
	return nil
}

// learnKnown finds out which findings do not count.
func (k *checking) learnKnown(ctx context.Context) error {
	k.known = []*diag.Baseline{}
	if k.baseline != "" {
		known, err := readBaseline(k.baseline)
		if err != nil {
			return err
		}
		k.known = append(k.known, known)
	}
	if k.newFrom != "" {
		earlier, err := k.earlier(ctx)
		if err != nil {
			return err
		}
		k.known = append(k.known, diag.Known(earlier, k.project.name))
	}
	return nil
}

func readBaseline(path string) (*diag.Baseline, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fault.New(fault.Invalid, "cannot read the baseline (write it with --write-baseline): %w", err)
	}
	defer f.Close()
	known, err := diag.ReadBaseline(f)
	if err != nil {
		return nil, fault.New(fault.KindOf(err), "the baseline %s %w", path, err)
	}
	return known, nil
}

// earlier returns the findings of the same pages in the revision of
// --new-from, checked with the configuration of today.
func (k *checking) earlier(ctx context.Context) ([]diag.Finding, error) {
	repo, err := revision.Open(folderOf(startOf(k.paths, k.stdinName)))
	if err != nil {
		return nil, err
	}
	defer repo.Close()
	commit, err := repo.Find(k.newFrom)
	if err != nil {
		return nil, err
	}
	files, err := k.project.past(ctx, repo, commit, orHere(k.paths), k.stdinName)
	if err != nil {
		return nil, err
	}
	options := k.options
	options.Progress = nil
	if k.options.Cache != nil {
		c := k.project.cache(&options, append(orHere(k.paths), "as they were")) // no path of a run
		options.Cache = c
		defer c.Save()
	}
	found, err := compile.Check(ctx, files, options)
	if err != nil {
		return nil, err
	}
	return found.Findings, nil
}
