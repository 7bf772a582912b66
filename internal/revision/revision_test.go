package revision

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
)

// A clone is a repository under test, driven by the git program.
type clone struct {
	t   *testing.T
	dir string
	day int
}

func newClone(t *testing.T) *clone {
	t.Helper()
	c := &clone{t: t, dir: t.TempDir()}
	c.git("init", "-q", "-b", "main")
	return c
}

// git runs git and returns what it prints.
func (c *clone) git(args ...string) string {
	c.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = c.dir
	c.day++
	date := "2022-09-" + string(rune('0'+c.day/10%3)) + string(rune('0'+c.day%10)) + "T12:00:00Z"
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
		"GIT_AUTHOR_NAME=Ada", "GIT_AUTHOR_EMAIL=ada@meridian.example", "GIT_COMMITTER_NAME=Ada", "GIT_COMMITTER_EMAIL=ada@meridian.example",
		"GIT_AUTHOR_DATE="+date, "GIT_COMMITTER_DATE="+date, "GIT_ALLOW_PROTOCOL=file")
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// commit writes files and commits them; it returns the hash.
func (c *clone) commit(message string, files map[string]string) string {
	c.t.Helper()
	for name, text := range files {
		path := filepath.Join(c.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			c.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			c.t.Fatal(err)
		}
	}
	c.git("add", "-A")
	c.git("commit", "-q", "--allow-empty", "-m", message)
	return c.git("rev-parse", "HEAD")
}

func open(t *testing.T, dir string) *Repository {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// texts returns "path: text" for each page of a revision, and the problems.
func texts(t *testing.T, r *Repository, name, at, as string, o source.Options) []string {
	t.Helper()
	c, err := r.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	files, problems, err := r.Pages(context.Background(), c, at, as, o)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, f.Path+": "+string(f.Text))
	}
	for _, p := range problems {
		got = append(got, p.String())
	}
	return got
}

func check(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Every name that git's users write leads to the commit that git finds itself.
func TestFind(t *testing.T) {
	c := newClone(t)
	c.commit("one", map[string]string{"a.md": "1"})
	c.git("tag", "light")
	c.commit("two", map[string]string{"a.md": "2"})
	c.git("tag", "-a", "v1.0", "-m", "first")
	c.git("tag", "-a", "again", "-m", "a tag of a tag", "v1.0")
	c.git("checkout", "-q", "-b", "feature/grades", "HEAD~1")
	c.commit("three", map[string]string{"b.md": "3"})
	c.git("checkout", "-q", "main")
	c.git("merge", "-q", "--no-ff", "-m", "four", "feature/grades")
	c.git("update-ref", "refs/remotes/origin/review", "HEAD~1")
	names := []string{
		"HEAD", "main", "heads/main", "refs/heads/main", "light", "v1.0", "again", "again~1", "tags/v1.0", "feature/grades",
		"HEAD~1", "HEAD^", "HEAD^2", "HEAD^2~1", "HEAD~", "main^^", "HEAD^0", "HEAD~0", "origin/review",
		c.git("rev-parse", "HEAD~1"), c.git("rev-parse", "HEAD")[:7], strings.ToUpper(c.git("rev-parse", "HEAD")[:9]),
	}
	for _, packed := range []bool{false, true} {
		if packed {
			c.git("gc", "-q")
		}
		r := open(t, c.dir)
		for _, name := range names {
			want := c.git("rev-parse", name+"^{commit}")
			got, err := r.Find(name)
			if err != nil || got.Hash.String() != want {
				t.Errorf("packed %v, %s: got %s %v, want %s", packed, name, got.Hash, err, want)
			}
		}
		if got, err := r.Find("@"); err != nil || got.Hash.String() != c.git("rev-parse", "HEAD") {
			t.Errorf("@: got %s %v", got.Hash, err)
		}
		got, err := r.Find("main~1...feature/grades")
		if want := c.git("merge-base", "main~1", "feature/grades"); err != nil || got.Hash.String() != want {
			t.Errorf("merge base: got %s %v, want %s", got.Hash, err, want)
		}
	}
}

// What was fetched last has a name, though its file is no reference.
func TestFetchHead(t *testing.T) {
	c := newClone(t)
	c.commit("one", map[string]string{"a.md": "1"})
	c.git("checkout", "-q", "-b", "review")
	want := c.commit("two", map[string]string{"a.md": "2"})
	clone := &clone{t: t, dir: t.TempDir()}
	clone.git("clone", "-q", "--depth", "1", "-b", "main", "file://"+c.dir, ".")
	if _, err := open(t, clone.dir).Find("FETCH_HEAD"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("before a fetch: got %v", err)
	}
	clone.git("fetch", "-q", "--depth", "1", "origin", "review")
	got, err := open(t, clone.dir).Find("FETCH_HEAD")
	if err != nil || got.Hash.String() != want {
		t.Errorf("got %s %v, want %s", got.Hash, err, want)
	}
}

// The merge base is git's, however history is woven and whatever the dates.
func TestMergeBase(t *testing.T) {
	c := newClone(t)
	c.commit("root", nil)
	for _, b := range []string{"x", "y"} {
		c.git("checkout", "-q", "-b", b, "main")
		c.commit(b+"1", nil)
	}
	c.day = 1 // what follows is dated before its parents
	c.commit("y2", nil)
	c.git("merge", "-q", "--no-ff", "-m", "y3", "x")
	c.commit("y4", nil)
	c.git("checkout", "-q", "x")
	c.day = 25
	c.commit("x2", nil)
	r := open(t, c.dir)
	for _, pair := range [][2]string{{"x", "y"}, {"y", "x"}, {"main", "y"}, {"x", "x"}, {"y~3", "x"}, {"y~1", "x~1"}} {
		want := c.git("merge-base", pair[0], pair[1])
		got, err := r.Find(pair[0] + "..." + pair[1])
		if err != nil || got.Hash.String() != want {
			t.Errorf("%v: got %s %v, want %s", pair, got.Hash, err, want)
		}
	}
}

func TestFindNothing(t *testing.T) {
	c := newClone(t)
	_, err := open(t, c.dir).Find("HEAD")
	check(t, []string{"the git repository has no commit yet: make one, or compare two folders"}, []string{err.Error()})

	first := c.commit("one", map[string]string{"a.md": "1"})[:10]
	c.git("branch", "release")
	c.git("update-ref", "refs/remotes/origin/review", "HEAD")
	c.git("checkout", "-q", "--orphan", "apart")
	c.commit("two", nil)
	r := open(t, c.dir)
	for _, want := range []struct{ name, message string }{
		{"relaese", `unknown revision "relaese"; did you mean "release"?`},
		{"review", `unknown revision "review"; did you mean "origin/review"?`},
		{"nothing-like-it", `unknown revision "nothing-like-it"; there are apart, main, release, origin/review`},
		{"main~3", "there is no revision main~3: history begins at " + first},
		{"apart^2", "there is no revision apart^2: history begins at " + c.git("rev-parse", "apart")[:10]},
		{"main~x", `cannot read the revision "main~x": write a branch, a tag or a commit, with ~n or ^n behind it`},
		{"main@{1}", `cannot read the revision "main@{1}": write a branch, a tag or a commit, with ~n or ^n behind it`},
		{"", `unknown revision ""; there are apart, main, release, origin/review`},
		{"index", `unknown revision "index"; there are apart, main, release, origin/review`},
		{"../HEAD", `unknown revision "../HEAD"; there are apart, main, release, origin/review`},
		{"main...apart", "main and apart have no commit in common"},
	} {
		_, err := r.Find(want.name)
		if err == nil || err.Error() != want.message || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%q: got %v, want %s", want.name, err, want.message)
		}
	}
}

// The pages of a revision are those that source.Load finds in its checkout.
func TestPagesAreThoseOfTheWorkingTree(t *testing.T) {
	c := newClone(t)
	for name, target := range map[string]string{"h/linked.md": "../elsewhere/a.md", "h/gone.md": "nowhere.md", "h/more": "../elsewhere", "h/self": "..", "h/out.md": "/etc/hosts"} {
		if err := os.MkdirAll(filepath.Join(c.dir, "h"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(target, filepath.Join(c.dir, filepath.FromSlash(name))); err != nil {
			t.Fatal(err)
		}
	}
	c.commit("one", map[string]string{
		"h/b/index.html.md": "b", "h/a.md": "a", "h/c.md.erb": "c", "h/.github/x.md": "x", "h/node_modules/y.md": "y",
		"h/drafts/d.md": "d", "h/notes.txt": "n", "elsewhere/a.md": "e", "h/binary.md": "a\x00", "h/latin.md": "caf\xe9",
	})
	t.Chdir(c.dir)
	r := open(t, ".")
	for _, o := range []source.Options{{}, {Ignore: []string{"drafts"}}, {Ignore: []string{"h/b"}}} {
		if err := os.Remove(filepath.Join("h", "out.md")); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err) // a page outside the repository is no part of the revision
		}
		files, _, err := source.Load(context.Background(), []string{"h"}, o)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, f := range files {
			if !strings.HasPrefix(f.Path, "h/self") { // leads back: Load reports it
				want = append(want, f.Path+": "+string(f.Text))
			}
		}
		short := c.git("rev-parse", "HEAD")[:10]
		want = append(want,
			"h/binary.md ("+short+"): cannot be read: it is no text, but a binary file: byte 1 is NUL",
			"h/gone.md ("+short+"): is a link to nowhere.md, which does not exist",
			"h/latin.md ("+short+"): cannot be read: it is not UTF-8: byte 0xE9 at line 1, column 4; save it as UTF-8")
		check(t, want, texts(t, r, "HEAD", "h", "h", o))
	}
}

func TestPagesAtAPath(t *testing.T) {
	c := newClone(t)
	c.commit("one", map[string]string{"h/x/a.md": "a1", "h/x.md": "x1", "notes": "n1"})
	c.commit("two", map[string]string{"h/x/a.md": "a2", "h/x/b.md": "b2"})
	r := open(t, filepath.Join(c.dir, "h", "x")) // from a subfolder
	none := source.Options{}
	check(t, []string{"a.md: a1"}, texts(t, r, "HEAD~1", "h/x", "", none))
	check(t, []string{"../x/a.md: a2", "../x/b.md: b2"}, texts(t, r, "HEAD", "h/x", "../x", none))
	check(t, []string{"h/x.md: x1", "h/x/a.md: a1"}, texts(t, r, "HEAD~1", "", "", none))
	check(t, []string{"notes: n1"}, texts(t, r, "HEAD", "notes", "notes", none))
	check(t, []string{
		"h/x/b.md (" + c.git("rev-parse", "HEAD")[:10] + "): cannot be read: it has 0.0 MiB; pages of more than 9.54e-07 MiB are not read (max_page_bytes in cadre.yaml)",
	}, texts(t, r, "HEAD", "h/x/b.md", "h/x/b.md", source.Options{MaxBytes: 1}))

	head, err := r.Find("HEAD~1")
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"h/y", "h/x/b.md", "h/x.md/z"} {
		_, _, err := r.Pages(context.Background(), head, at, at, none)
		if want := "there is no file or folder " + at + " in " + head.Short(); err == nil || err.Error() != want || fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: got %v, want %s", at, err, want)
		}
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := r.Pages(stopped, head, "", "", none); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v after the end of the context", err)
	}
}

// A repository is read however it is kept on disk.
func TestOpen(t *testing.T) {
	c := newClone(t)
	c.commit("one", map[string]string{"a.md": "1"})
	c.commit("two", map[string]string{"a.md": "2"})
	c.git("gc", "-q")
	c.commit("three", map[string]string{"a.md": "3"})
	elsewhere := t.TempDir()
	place := func(name string) string { return filepath.Join(elsewhere, name) }
	c.git("clone", "-q", "--bare", ".", place("bare.git"))
	c.git("clone", "-q", "--shared", ".", place("shared"))
	c.git("clone", "-q", "--depth", "2", "file://"+c.dir, place("shallow"))
	c.git("worktree", "add", "-q", "-b", "side", place("worktree"), "HEAD~1")
	for _, w := range []struct{ dir, revision, want string }{
		{"bare.git", "main~1", "a.md: 2"},
		{"shared", "HEAD~2", "a.md: 1"},
		{"shallow", "HEAD~1", "a.md: 2"},
		{"worktree", "HEAD", "a.md: 2"},
		{"worktree", "main", "a.md: 3"},
		{"worktree", "side~1", "a.md: 1"},
	} {
		check(t, []string{w.want}, texts(t, open(t, place(w.dir)), w.revision, "", "", source.Options{}))
	}

	shallow := open(t, place("shallow"))
	begins := c.git("rev-parse", "HEAD~1")[:10]
	for name, want := range map[string]string{
		"HEAD~2":      "the revision HEAD~2 was not fetched: this clone is shallow and begins at " + begins + ": run `git fetch --unshallow`",
		"v9":          "unknown revision \"v9\": fetch it first (`git fetch origin v9`), for this clone is shallow",
		"HEAD...HEAD": "",
	} {
		_, err := shallow.Find(name)
		if got := errorText(err); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	for dir, want := range map[string]string{"bare.git": "", "worktree": place("worktree")} {
		if real, err := filepath.EvalSymlinks(want); want != "" && err == nil {
			want = real
		}
		if got := open(t, place(dir)).Root; got != want {
			t.Errorf("root of %s is %q, want %q", dir, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestOpenNothing(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir)
	want := filepath.ToSlash(dir) + " is not in a git repository: run this in a clone, or compare two folders instead"
	if errorText(err) != want || fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := os.WriteFile(filepath.Join(dir, ".git"), []byte("nonsense\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a damaged .git file: got %v", err)
	}
}

// A partial clone that left out the pages says so, and names the command.
func TestPartialClone(t *testing.T) {
	c := newClone(t)
	c.commit("one", map[string]string{"a.md": "1"})
	c.git("config", "uploadpack.allowFilter", "true")
	dir := filepath.Join(t.TempDir(), "partial")
	c.git("clone", "-q", "--bare", "--filter=blob:none", "file://"+c.dir, dir)
	got := texts(t, open(t, dir), "HEAD", "", "", source.Options{})
	if len(got) != 1 || !strings.Contains(got[0], "git fetch --refetch") {
		t.Errorf("got %q", got)
	}
}
