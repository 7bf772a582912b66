package cli

import (
	"bytes"
	"cmp"
	"context"
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
	k.app.note("%s lists %d findings as known; check with --baseline %[1]s to see only others", source.Relative("", file), len(r.Findings))
	return nil
}

// dropKnown leaves out of a report what the baseline or an earlier revision
// knows.
func (k *checking) dropKnown(ctx context.Context, r *diag.Report) error {
	if k.baseline != "" {
		known, err := readBaseline(k.baseline)
		if err != nil {
			return err
		}
		if gone := known.Gone(r.Findings); gone > 0 && len(k.paths) == 0 {
			k.app.note("%d findings that %s lists are gone; write it again with --write-baseline", gone, k.baseline)
		}
		r.Findings = known.Filter(r.Findings)
	}
	if k.newFrom != "" {
		earlier, err := k.earlier(ctx)
		if err != nil {
			return err
		}
		r.Findings = diag.Known(earlier).Filter(r.Findings)
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
	found, err := compile.Check(ctx, files, options)
	if err != nil {
		return nil, err
	}
	return found.Findings, nil
}
