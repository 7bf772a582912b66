package house

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The two commands that README promises are there, and CI runs the same test
// command.
func TestReadmeCommands(t *testing.T) {
	readme, makefile, ci := read(t, "README.md"), read(t, "Makefile"), read(t, ".ci/run")
	for _, command := range []string{"go run ./cmd/cadre serve --demo", "make test"} {
		if !strings.Contains(readme, command) {
			t.Errorf("README.md does not name %q", command)
		}
	}
	if !strings.Contains(ci, "make test") {
		t.Error(".ci/run does not run the test command of README.md, make test")
	}
	targets := regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(makefile, -1)
	known := map[string]bool{}
	for _, target := range targets {
		known[target[1]] = true
	}
	for _, name := range append(filesEnding(t, ".md"), ".ci/run") {
		for _, used := range regexp.MustCompile("(?m)(?:`|^\\s*)make ([a-z-]+)").FindAllStringSubmatch(read(t, name), -1) {
			if !known[used[1]] && !strings.HasPrefix(name, "examples/") {
				t.Errorf("%s names make %s, which the Makefile does not have", name, used[1])
			}
		}
	}
	for _, used := range regexp.MustCompile(`\./(cmd|internal|tests|bench)/[\w./-]*\w`).FindAllString(readme, -1) {
		if _, err := os.Stat(filepath.Join(root, used)); err != nil {
			t.Errorf("README.md names %s, which does not exist", used)
		}
	}
}

// A link of a document to a file of the repository leads somewhere. The
// handbook of the example has faults on purpose.
func TestDocumentLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:\s]+)(?:#[^)\s]*)?\)`)
	fence := regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
	for _, name := range filesEnding(t, ".md") {
		if strings.HasPrefix(name, "examples/") || strings.HasPrefix(name, "docs/rules/CAD") {
			continue
		}
		text := fence.ReplaceAllString(read(t, name), "")
		for _, l := range link.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(root, path.Dir(name), l[1])); err != nil {
				t.Errorf("%s links to %s, which does not exist", name, l[1])
			}
		}
	}
}

// Every folder of packages has its line on the map, but for what is generated
// inside of one, and for a room's pages, JSON and builders, which the map
// explains once for all.
func TestMapNamesEveryPackage(t *testing.T) {
	text := read(t, "ARCHITECTURE.md")
	for _, p := range order(t) {
		name := path.Base(p)
		suffix, isOf := strings.CutPrefix(name, path.Base(path.Dir(p)))
		if strings.HasSuffix(p, "/internal/db") || isOf && slices.Contains([]string{"web", "api", "test"}, suffix) {
			continue
		}
		if !strings.Contains(text, name+"/") && !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, p) {
			t.Errorf("ARCHITECTURE.md does not name %s", p)
		}
	}
}
