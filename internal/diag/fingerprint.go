package diag

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Fingerprints sets the fingerprint of each finding: a hash of its rule, the
// name of its page, the headings that enclose it, and its ordinal among the
// findings that are equal in these. So it is unique, and stays when lines move
// or a message changes its words. The findings must be sorted and complete:
// an ordinal counts the equal ones before it. A nil name leaves paths as they
// are.
func Fingerprints(fs []Finding, name func(path string) string) {
	type key struct {
		code          Code
		path, heading string
	}
	seen := map[key]int{}
	for i := range fs {
		f := &fs[i]
		path := f.Path
		if name != nil {
			path = name(path)
		}
		k := key{f.Code, path, f.Heading}
		f.Fingerprint = hash(string(f.Code), path, f.Heading, strconv.Itoa(seen[k]))
		seen[k]++
	}
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
