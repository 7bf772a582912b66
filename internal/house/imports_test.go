package house

import (
	"slices"
	"strings"
	"testing"
)

// order returns the packages of imports.txt.
func order(t *testing.T) []string {
	t.Helper()
	var packages []string
	for line := range strings.SplitSeq(read(t, "internal/house/imports.txt"), "\n") {
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line != "" {
			packages = append(packages, line)
		}
	}
	return packages
}

// A package imports only packages that stand above it in imports.txt. Tests
// may import any that is listed.
func TestImportOrder(t *testing.T) {
	packages := order(t)
	files := goFiles(t)
	for _, f := range files {
		own := slices.Index(packages, f.folder)
		if own < 0 && !onlyTests(files, f.folder) {
			t.Errorf("%s: the package %s is not in imports.txt", f.path, f.folder)
			continue
		}
		for _, imported := range f.imports {
			name, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			switch at := slices.Index(packages, name); {
			case at < 0:
				t.Errorf("%s imports %s, which is not in imports.txt", f.path, name)
			case !f.test && at >= own:
				t.Errorf("%s imports %s, which does not stand above %s in imports.txt", f.path, name, f.folder)
			}
		}
	}
}

// Every line of imports.txt is a package, once.
func TestImportOrderIsTrue(t *testing.T) {
	packages := order(t)
	for i, p := range packages {
		if slices.Index(packages, p) != i {
			t.Errorf("imports.txt names %s twice", p)
		}
		if !slices.ContainsFunc(goFiles(t), func(f goFile) bool { return f.folder == p }) {
			t.Errorf("imports.txt names %s, which has no Go file", p)
		}
	}
}

// The compiler is pure: what a page means depends on neither the day nor the
// network nor a database.
func TestCompilerIsPure(t *testing.T) {
	forbidden := []string{"time", "net", "net/http", "database/sql", "os/exec", "math/rand", "math/rand/v2"}
	pure := []string{"internal/compile", "internal/delta", "internal/family", "internal/diag", "internal/press"}
	for _, f := range goFiles(t) {
		in := func(p string) bool { return f.folder == p || strings.HasPrefix(f.folder, p+"/") }
		if f.test || !slices.ContainsFunc(pure, in) {
			continue
		}
		for _, imported := range f.imports {
			if slices.Contains(forbidden, imported) {
				t.Errorf("%s imports %s: the compiler must not", f.path, imported)
			}
		}
	}
}

// Libraries that cost every command time to start, or that one package alone
// should know, are imported by that package alone.
func TestLibrariesHaveOneHome(t *testing.T) {
	homes := map[string]string{
		"github.com/go-git/":           "internal/revision",
		"github.com/spf13/cobra":       "internal/cli",
		"charm.land/fang":              "internal/cli",
		"github.com/schollz/":          "internal/cli",
		"github.com/yuin/goldmark":     "internal/compile/syntax",
		"github.com/stretchr/testify":  "nowhere: go-cmp and plain tests read better",
		"gopkg.in/yaml.v3":             "nowhere: go.yaml.in/yaml/v4 is its successor",
		"github.com/go-git/go-git/v5$": "nowhere: its root brings the network with it",
	}
	for _, f := range goFiles(t) {
		if f.test || strings.HasPrefix(f.folder, "bench/") { // which measures libraries
			continue
		}
		for _, imported := range f.imports {
			for library, home := range homes {
				exact, isExact := strings.CutSuffix(library, "$")
				if (isExact && imported == exact || !isExact && strings.HasPrefix(imported, library)) && f.folder != home {
					t.Errorf("%s imports %s, whose home is %s", f.path, imported, home)
				}
			}
		}
	}
}
