package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// root is the folder of the module as the tests see it.
const root = "../.."

// module is the path of the module, with the slash behind it.
const module = "github.com/cadre-hq/cadre/"

// A goFile is one source file of the module.
type goFile struct {
	path    string // from the root, with forward slashes
	folder  string
	test    bool
	lines   int
	syntax  *ast.File
	set     *token.FileSet
	imports []string
}

// goFiles returns every Go file of the module. Folders of tools and test data
// are left out.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	files, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 50 {
		t.Fatalf("only %d Go files below %s: the tests look in the wrong place", len(files), root)
	}
	return files
}

// parsed parses the files, once.
var parsed = sync.OnceValues(func() ([]goFile, error) {
	names, err := walk(".go")
	if err != nil {
		return nil, err
	}
	var files []goFile
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		f := goFile{
			path: name, folder: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
			lines: strings.Count(string(text), "\n"), set: token.NewFileSet(),
		}
		f.syntax, err = parser.ParseFile(f.set, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, spec := range f.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			f.imports = append(f.imports, imported)
		}
		files = append(files, f)
	}
	return files, nil
})

// filesEnding lists the files of the module with an ending, sorted.
func filesEnding(t *testing.T, ending string) []string {
	t.Helper()
	names, err := walk(ending)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func walk(ending string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(root, func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := e.Name()
		if e.IsDir() && at != root && (strings.HasPrefix(name, ".") || slices.Contains([]string{"testdata", "node_modules", "vendor", "dist"}, name)) {
			return fs.SkipDir
		}
		if !e.IsDir() && strings.HasSuffix(name, ending) {
			rel, err := filepath.Rel(root, at)
			if err != nil {
				return err
			}
			names = append(names, filepath.ToSlash(rel))
		}
		return nil
	})
	return names, err
}

// read returns a file of the module.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// onlyTests reports whether a folder holds only tests, so that it need not be
// listed among the packages.
func onlyTests(files []goFile, folder string) bool {
	for _, f := range files {
		if f.folder == folder && !f.test {
			return false
		}
	}
	return true
}
