package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A Baseline is a set of findings that are known and do not count: a team that
// begins to use Cadre writes it once and looks at new findings only.
type Baseline struct {
	entries []baselineEntry
	known   map[string]bool
}

// baselineEntry is one known finding. The fingerprint decides; the rest is for
// the people who read the file, and holds no line, so that the file changes
// only when the findings do.
type baselineEntry struct {
	Fingerprint string `json:"fingerprint"`
	Code        Code   `json:"code"`
	Path        string `json:"path"`
	Heading     string `json:"heading,omitempty"`
	Message     string `json:"message"`
}

// baselineVersion is the schema of the file.
const baselineVersion = "1"

// WriteBaseline writes the findings as a baseline, one on a line.
func WriteBaseline(w io.Writer, fs []Finding, name func(path string) string) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n \"schema_version\": %q,\n \"findings\": [", baselineVersion)
	for i, f := range fs {
		if name != nil {
			f.Path = name(f.Path)
		}
		line, err := plainJSON(baselineEntry{f.Fingerprint, f.Code, f.Path, f.Heading, f.Message})
		if err != nil {
			return err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n  ")
		b.Write(line)
	}
	b.WriteString("\n ]\n}\n")
	_, err := w.Write(b.Bytes())
	return err
}

// ReadBaseline reads what WriteBaseline wrote. It fails with Invalid for
// anything else, such as a file that a merge has left with conflicts.
func ReadBaseline(r io.Reader) (*Baseline, error) {
	var file struct {
		Version  string          `json:"schema_version"`
		Findings []baselineEntry `json:"findings"`
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fault.New(fault.Invalid, "is no baseline: %w", err)
	}
	if file.Version != baselineVersion {
		return nil, fault.New(fault.Invalid, "has the schema version %q; this Cadre reads %q: write it again with --write-baseline", file.Version, baselineVersion)
	}
	b := &Baseline{entries: file.Findings, known: make(map[string]bool, len(file.Findings))}
	for _, e := range file.Findings {
		b.known[e.Fingerprint] = true
	}
	return b, nil
}

// Known makes a baseline of findings, such as those of an earlier revision.
func Known(fs []Finding) *Baseline {
	b := &Baseline{known: make(map[string]bool, len(fs))}
	for _, f := range fs {
		b.known[f.Fingerprint] = true
	}
	return b
}

// Filter returns the findings that are not in the baseline, in their order.
func (b *Baseline) Filter(fs []Finding) []Finding {
	return slices.DeleteFunc(slices.Clone(fs), func(f Finding) bool { return b.known[f.Fingerprint] })
}

// Gone counts the entries of the baseline that no finding has any more.
func (b *Baseline) Gone(fs []Finding) int {
	still := make(map[string]bool, len(fs))
	for _, f := range fs {
		still[f.Fingerprint] = true
	}
	n := 0
	for _, e := range b.entries {
		if !still[e.Fingerprint] {
			n++
		}
	}
	return n
}

// plainJSON encodes v on one line and leaves <, > and & as they are.
func plainJSON(v any) ([]byte, error) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return []byte(strings.TrimSuffix(b.String(), "\n")), nil
}
