package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A Baseline is a set of findings that are known and do not count: a team that
// begins to use Cadre writes it once and looks at new findings only.
type Baseline struct {
	entries []baselineEntry
}

// baselineEntry is one known finding. It holds no line, so that the file
// changes only when the findings do.
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
	for i := range fs {
		line, err := plainJSON(entryOf(&fs[i], name))
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
	return &Baseline{file.Findings}, nil
}

// Known makes a baseline of findings, such as those of an earlier revision.
// The names of pages are those that WriteBaseline would write.
func Known(fs []Finding, name func(path string) string) *Baseline {
	b := &Baseline{make([]baselineEntry, len(fs))}
	for i := range fs {
		b.entries[i] = entryOf(&fs[i], name)
	}
	return b
}

// entryOf returns the entry of a finding.
func entryOf(f *Finding, name func(path string) string) baselineEntry {
	e := baselineEntry{f.Fingerprint, f.Code, f.Path, f.Heading, f.Message}
	if name != nil {
		e.Path = name(e.Path)
	}
	return e
}

// A spot is what findings have in common that only their ordinals, the last
// part of a fingerprint, tell apart.
type spot struct {
	code          Code
	path, heading string
}

func (e *baselineEntry) spot() spot { return spot{e.Code, e.Path, e.Heading} }

// Filter returns the findings that are not in the baseline, in their order. In
// one spot as many are known as the baseline has there: those that say the same
// first, then any, for a message may change its words.
func (b *Baseline) Filter(fs []Finding, name func(path string) string) []Finding {
	left := map[spot]int{}
	messages := map[spot]map[string]int{}
	for _, e := range b.entries {
		at := e.spot()
		if messages[at] == nil {
			messages[at] = map[string]int{}
		}
		left[at]++
		messages[at][e.Message]++
	}
	known := make([]bool, len(fs))
	for i := range fs {
		e := entryOf(&fs[i], name)
		if at := e.spot(); messages[at][e.Message] > 0 {
			known[i] = true
			left[at]--
			messages[at][e.Message]--
		}
	}
	var rest []Finding
	for i := range fs {
		if known[i] {
			continue
		}
		e := entryOf(&fs[i], name)
		if at := e.spot(); left[at] > 0 {
			left[at]--
			continue
		}
		rest = append(rest, fs[i])
	}
	return rest
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
