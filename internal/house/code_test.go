package house

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
	"testing"
)

// mostLines is where a file surely holds more than one idea.
const mostLines = 600

func TestFilesAreShort(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.lines > mostLines && !ast.IsGenerated(f.syntax) {
			t.Errorf("%s has %d lines, more than %d: split it by ideas", f.path, f.lines, mostLines)
		}
	}
}

// A package is named by what it owns; these names own nothing.
func TestPackageNames(t *testing.T) {
	empty := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "misc", "shared", "lib", "core", "base", "api2"}
	for _, f := range goFiles(t) {
		name := strings.TrimSuffix(f.syntax.Name.Name, "_test")
		if slices.Contains(empty, name) || slices.Contains(empty, path.Base(f.folder)) {
			t.Errorf("%s: a package named %s says nothing; name what it owns", f.path, name)
		}
	}
}

// Every package says what it is for, in the words of its first line.
func TestPackagesAreDocumented(t *testing.T) {
	docs := map[string]string{}
	kinds := map[string]string{}
	for _, f := range goFiles(t) {
		if f.test || ast.IsGenerated(f.syntax) {
			continue
		}
		kinds[f.folder] = f.syntax.Name.Name
		if f.syntax.Doc != nil {
			docs[f.folder] += f.syntax.Doc.Text()
		}
	}
	for folder, name := range kinds {
		begins := "Package " + name + " "
		if name == "main" {
			begins = "Command " + path.Base(folder) + " "
		}
		if !strings.HasPrefix(docs[folder], begins) {
			t.Errorf("%s has no package comment that begins with %q", folder, begins)
		}
	}
}

// Every exported name of a package has a comment.
func TestExportedNamesAreDocumented(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test || f.syntax.Name.Name == "main" || ast.IsGenerated(f.syntax) {
			continue
		}
		for _, d := range f.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && d.Doc == nil && (d.Recv == nil || exportedReceiver(d)) && !implied(d.Name.Name) {
					t.Errorf("%s: %s has no comment", f.set.Position(d.Pos()), d.Name.Name)
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if s, ok := s.(*ast.TypeSpec); ok && s.Name.IsExported() && d.Doc == nil && s.Doc == nil {
						t.Errorf("%s: %s has no comment", f.set.Position(s.Pos()), s.Name.Name)
					}
				}
			}
		}
	}
}

// implied are methods whose interface says what they do.
func implied(name string) bool {
	return slices.Contains([]string{"Len", "Less", "Swap", "Push", "Pop", "Set", "Type", "String"}, name)
}

func exportedReceiver(d *ast.FuncDecl) bool {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if index, ok := t.(*ast.IndexExpr); ok {
		t = index.X
	}
	name, ok := t.(*ast.Ident)
	return ok && name.IsExported()
}

// Nothing happens before main: no init functions, and no regular expression
// compiled at package level, for every command pays for it.
func TestNothingRunsAtStart(t *testing.T) {
	for _, f := range goFiles(t) {
		if f.test {
			continue
		}
		for _, d := range f.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil && d.Name.Name == "init" {
					t.Errorf("%s: an init function runs in every command", f.set.Position(d.Pos()))
				}
			case *ast.GenDecl:
				if d.Tok == token.VAR {
					for _, at := range compiled(d) {
						t.Errorf("%s: a regular expression is compiled in every command; use sync.OnceValue", f.set.Position(at))
					}
				}
			}
		}
	}
}

// compiled returns where a variable's value compiles a regular expression at
// once, rather than in a function.
func compiled(d *ast.GenDecl) []token.Pos {
	var found []token.Pos
	ast.Inspect(d, func(n ast.Node) bool {
		if _, later := n.(*ast.FuncLit); later {
			return false
		}
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == "regexp" && strings.HasPrefix(s.Sel.Name, "MustCompile") {
				found = append(found, s.Pos())
			}
		}
		return true
	})
	return found
}

// What is not finished is an issue, not a comment.
func TestNothingIsLeftForLater(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, group := range f.syntax.Comments {
			for _, word := range []string{"TO" + "DO", "FIX" + "ME", "XX" + "X:"} {
				if strings.HasPrefix(group.Text(), word) || strings.Contains(group.Text(), "\n"+word) {
					t.Errorf("%s: %s", f.set.Position(group.Pos()), strings.TrimSpace(group.Text()))
				}
			}
		}
	}
}
