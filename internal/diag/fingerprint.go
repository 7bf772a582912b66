package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Fingerprints tell the fingerprints of the findings of one run: a hash of the
// rule, the name of the page, the headings that enclose the finding, and its
// ordinal among the findings that are equal in these. So it is unique, and
// stays when lines move or a message changes its words.
type Fingerprints struct {
	name func(path string) string
	seen map[spot]int // how many findings there were so far
}

// NewFingerprints begins a run. A nil name leaves paths as they are.
func NewFingerprints(name func(path string) string) *Fingerprints {
	return &Fingerprints{name, map[spot]int{}}
}

// Next returns the fingerprint of a finding. It must be asked for every finding
// of the run, in their order: an ordinal counts the equal ones before it.
func (p *Fingerprints) Next(f *Finding) string {
	at := spot{f.Code, f.Path, f.Heading}
	if p.name != nil {
		at.path = p.name(f.Path)
	}
	n := p.seen[at]
	p.seen[at] = n + 1
	return hash(string(at.code), at.path, at.heading, strconv.Itoa(n))
}

// hash returns 128 bits of the SHA-256 of the parts, as hexadecimal digits.
func hash(parts ...string) string {
	var stack [512]byte // enough for most: nothing is allocated
	text := stack[:0]
	for _, p := range parts {
		text = append(text, p...)
		text = append(text, 0)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
