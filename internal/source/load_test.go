package source

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tree writes files below a new folder, makes it the working directory and
// returns it.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

// load returns the paths that were read and the problems.
func load(t *testing.T, o Options, roots ...string) (paths, problems []string) {
	t.Helper()
	files, ps, err := Load(context.Background(), roots, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		paths = append(paths, f.Path)
	}
	for _, p := range ps {
		problems = append(problems, p.String())
	}
	return paths, problems
}

func check(t *testing.T, what string, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestLoadPaths(t *testing.T) {
	dir := tree(t, map[string]string{
		"h/b/index.html.md": "b", "h/a.md": "a", "h/c.html.md.erb": "c", "h/d.MARKDOWN": "d", "h/e.md.erb": "e",
		"h/f.html": "f", "h/README": "g", "h/.git/x.md": "x", "h/node_modules/y.md": "y", "notes.txt": "n",
	})
	for _, c := range []struct {
		name  string
		roots []string
		want  []string
	}{
		{"folder", []string{"h"}, []string{"h/a.md", "h/b/index.html.md", "h/c.html.md.erb", "h/d.MARKDOWN", "h/e.md.erb"}},
		{"written with a dot", []string{"./h/b/"}, []string{"h/b/index.html.md"}},
		{"working directory", []string{"."}, []string{"h/a.md", "h/b/index.html.md", "h/c.html.md.erb", "h/d.MARKDOWN", "h/e.md.erb"}},
		{"a file of any name", []string{"notes.txt"}, []string{"notes.txt"}},
		{"twice", []string{"h/b", "h/a.md", "h/a.md", "h/b/index.html.md"}, []string{"h/a.md", "h/b/index.html.md"}},
		{"absolute", []string{filepath.Join(dir, "h", "b")}, []string{filepath.ToSlash(dir) + "/h/b/index.html.md"}},
		{"a dot folder by name", []string{"h/.git"}, []string{"h/.git/x.md"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			paths, problems := load(t, Options{}, c.roots...)
			check(t, "paths", c.want, paths)
			check(t, "problems", nil, problems)
		})
	}
}

func TestLoadIgnore(t *testing.T) {
	tree(t, map[string]string{"h/a.md": "a", "h/drafts/b.md": "b", "h/x/drafts/c.md": "c", "h/x/d.md": "d"})
	for _, c := range []struct {
		ignore string
		want   []string
	}{
		{"drafts", []string{"h/a.md", "h/x/d.md"}},
		{"h/drafts/", []string{"h/a.md", "h/x/d.md", "h/x/drafts/c.md"}},
		{"h/*/drafts", []string{"h/a.md", "h/drafts/b.md", "h/x/d.md"}},
		{"h/**/*.md", nil},
		{"d.md", []string{"h/a.md", "h/drafts/b.md", "h/x/drafts/c.md"}},
	} {
		paths, _ := load(t, Options{Ignore: []string{c.ignore}}, "h")
		check(t, c.ignore, c.want, paths)
	}
	paths, _ := load(t, Options{Ignore: []string{"drafts"}, Base: "h/x"}, "h")
	check(t, "names count everywhere", []string{"h/a.md", "h/x/d.md"}, paths)
	paths, _ = load(t, Options{Ignore: []string{"/x"}, Base: "h"}, "h")
	check(t, "paths count from the base", []string{"h/a.md", "h/drafts/b.md"}, paths)
	paths, _ = load(t, Options{Ignore: []string{"drafts"}}, "h/drafts/b.md")
	check(t, "a file that is asked for", []string{"h/drafts/b.md"}, paths)
}

// Whatever is wrong with one path, the others are read.
func TestLoadProblems(t *testing.T) {
	tree(t, map[string]string{
		"h/ok.md": "fine", "h/binary.md": "a\x00b", "h/latin.md": "one\ncaf\xe9\n", "h/utf16.md": "\xff\xfea\x00",
		"h/large.md": strings.Repeat("x", 3<<20), "h/sub/ok.md": "fine",
	})
	for link, target := range map[string]string{"h/gone.md": "nowhere.md", "h/loop": ".", "h/sub/up": "../..", "h/other": "sub", "h/gone": "nowhere"} {
		if err := os.Symlink(target, link); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	if err := syscall.Mkfifo("h/pipe.md", 0o644); err != nil {
		t.Fatal(err)
	}
	paths, problems := load(t, Options{MaxBytes: 1 << 20}, "h", "missing")
	check(t, "paths", []string{"h/ok.md", "h/sub/ok.md"}, paths)
	check(t, "problems", []string{
		"h/binary.md: cannot be read: it is no text, but a binary file: byte 1 is NUL",
		"h/gone.md: is a link to nowhere.md, which does not exist",
		"h/large.md: cannot be read: it has 3.0 MiB; pages of more than 1 MiB are not read (max_page_bytes in cadre.yaml)",
		"h/latin.md: cannot be read: it is not UTF-8: byte 0xE9 at line 2, column 4; save it as UTF-8",
		"h/loop: is a link that leads back to h, the folder that holds it; it is not followed",
		"h/pipe.md: is a named pipe, not a file; it is not read",
		"h/sub/up: is a link that leads back to ., the folder that holds it; it is not followed",
		"h/utf16.md: cannot be read: it is UTF-16 text; save it as UTF-8",
		"missing: there is no such file or folder",
	}, problems)
}

// A linked folder outside of the roots is read under the name of the link.
func TestLoadFollowsLinks(t *testing.T) {
	tree(t, map[string]string{"shared/a.md": "a", "h/b.md": "b"})
	for link, target := range map[string]string{"h/linked": "../shared", "shared/back": "../h"} {
		if err := os.Symlink(target, link); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	paths, problems := load(t, Options{}, "h")
	check(t, "paths", []string{"h/b.md", "h/linked/a.md"}, paths)
	check(t, "problems", nil, problems)
}

func TestLoadStdin(t *testing.T) {
	tree(t, map[string]string{"h/a.md": "on disk", "h/b.md": "b"})
	files, _, err := Load(context.Background(), []string{"h", "-"}, Options{Stdin: strings.NewReader("typed"), StdinName: "./h/a.md"})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 2 || files[0].Path != "h/a.md" || string(files[0].Text) != "typed" {
		t.Errorf("what is typed must hide the file: %v", files)
	}
	paths, _ := load(t, Options{Stdin: strings.NewReader("x")}, "-")
	check(t, "without a name", []string{"stdin.md"}, paths)
	_, problems := load(t, Options{Stdin: strings.NewReader("x\x00")}, "-")
	check(t, "binary", []string{"stdin.md: cannot be read: it is no text, but a binary file: byte 1 is NUL"}, problems)
}

func TestLoadStopsWithContext(t *testing.T) {
	tree(t, map[string]string{"a.md": "a"})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Load(ctx, []string{"."}, Options{}); err == nil {
		t.Error("no error")
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a.md", "x/a.md", true},
		{"/a.md", "x/a.md", false},
		{"/a.md", "a.md", true},
		{"x/", "x/y/a.md", true},
		{"x/y", "z/x/y/a.md", false},
		{"**/y", "z/x/y/a.md", true},
		{"x/**/a.md", "x/a.md", true},
		{"x/*", "x/y/a.md", true},
		{"x/*.md", "x/y/a.md", false},
		{"./x", "x/a.md", true},
		{"[", "[", false},
		{"", "a", false},
		{"x/y/z", "x/y", false},
	} {
		if got := Match(c.pattern, c.name); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
	if CheckPattern("a[") == nil || CheckPattern("a/*.md") != nil {
		t.Error("CheckPattern errs")
	}
}
