package source

import (
	"path"
	"strings"
)

// Match reports whether a pattern covers a path, both with forward slashes.
//
// A pattern without a slash covers every file and folder of that name, at any
// depth; one with a slash counts from the base folder. In a name, * stands for
// any letters, ? for one and [a-z] for one of a set; the name ** stands for any
// folders. Whatever covers a folder covers all that is in it. A malformed
// pattern covers nothing; CheckPattern finds it.
func Match(pattern, name string) bool {
	pattern = strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
	if pattern == "" {
		return false
	}
	segments := strings.Split(strings.TrimPrefix(pattern, "/"), "/")
	if !strings.Contains(pattern, "/") {
		segments = []string{"**", pattern}
	}
	return matchSegments(segments, strings.Split(name, "/"))
}

// MatchAny reports whether one of the patterns covers the path.
func MatchAny(patterns []string, name string) bool {
	for _, p := range patterns {
		if Match(p, name) {
			return true
		}
	}
	return false
}

// CheckPattern returns an error for a pattern that Match cannot read.
func CheckPattern(pattern string) error {
	_, err := path.Match(pattern, "")
	return err
}

func matchSegments(pattern, name []string) bool {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			for i := range len(name) + 1 {
				if matchSegments(pattern[1:], name[i:]) {
					return true
				}
			}
			return false
		}
		if len(name) == 0 {
			return false
		}
		if ok, err := path.Match(pattern[0], name[0]); err != nil || !ok {
			return false
		}
		pattern, name = pattern[1:], name[1:]
	}
	return true // what is left of the name lies in the folder that matched
}
