package draft_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/catalog/draft"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/workspace"
)

var today = time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)

const example = "../../../examples/meridian"

// files returns the files below a folder, by their paths.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(folder, func(at string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(at)
		rel, _ := filepath.Rel(folder, at)
		out[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// write writes files below a folder.
func write(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		at := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// git runs the git program in a folder.
func git(t *testing.T, folder string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "git", append([]string{"-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@meridian.example", "-c", "init.defaultBranch=main"}, args...)...)
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func tarball(t *testing.T, files map[string]string, prefix string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: prefix + name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range files {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// heavy returns an archive that is small, and whose one file, which is left out,
// is not.
func heavy(t *testing.T, mebibytes int) []byte {
	t.Helper()
	squeezed := func(text []byte) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	var head bytes.Buffer
	if err := tar.NewWriter(&head).WriteHeader(&tar.Header{Name: ".git/pack", Mode: 0o644, Size: int64(mebibytes) << 20, Typeflag: tar.TypeReg}); err != nil {
		t.Fatal(err)
	}
	return append(squeezed(head.Bytes()), bytes.Repeat(squeezed(make([]byte, 1<<20)), mebibytes)...)
}

// told is what a draft says, in short.
type told struct {
	Families []string
	Findings []string
	Waived   []string
}

func read(t *testing.T, s draft.Source) told {
	t.Helper()
	d, err := draft.Read(t.Context(), s, today)
	if err != nil {
		t.Fatal(err)
	}
	var out told
	for _, p := range d.Families {
		out.Families = append(out.Families, p.File.Path+" "+p.Family.Path+" "+p.Family.Title)
	}
	for _, f := range d.Findings {
		line := f.Path + " " + string(f.Code) + " " + f.Fingerprint
		if f.Reason == "" {
			out.Findings = append(out.Findings, line)
		} else {
			out.Waived = append(out.Waived, line)
		}
	}
	return out
}

// The same pages say the same under the same paths, whether they are read from
// a folder, from a commit, or from what somebody uploaded. The commit is read
// as it was, whatever lies in the working tree.
func TestSourcesAgree(t *testing.T) {
	want := read(t, draft.Source{Folder: filepath.Join(example, "handbook")})
	if len(want.Families) != 18 || len(want.Findings) == 0 || len(want.Waived) == 0 || !strings.HasPrefix(want.Families[0], "handbook/job-families/") {
		t.Fatalf("the example: %+v", want)
	}
	all := files(t, example)
	repo := t.TempDir()
	write(t, repo, all)
	git(t, repo, "init", "-q")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "-qm", "The handbook")
	hash := git(t, repo, "rev-parse", "HEAD")
	bare := filepath.Join(t.TempDir(), "mirror.git")
	git(t, repo, "clone", "-q", "--bare", repo, bare)
	write(t, repo, map[string]string{"cadre.yaml": "use: [nothing]", "handbook/job-families/x.md": "# X\n"})

	for name, s := range map[string]draft.Source{
		"a commit":                     {Repository: repo, Path: "handbook"},
		"a commit of a bare clone":     {Repository: bare, Revision: "main", Path: "handbook"},
		"a tarball":                    {Archive: tarball(t, all, "")},
		"a tarball with a top folder":  {Archive: tarball(t, all, "handbook-a1b2c3/")},
		"a zip file":                   {Archive: zipped(t, all)},
		"the folder of the cadre.yaml": {Folder: example},
	} {
		got := read(t, s)
		if diff := gocmp.Diff(want.Families, got.Families); diff != "" {
			t.Errorf("%s (-folder +this):\n%s", name, diff)
		}
		if s.Kind() == draft.Revision { // the README of the example is no page of the handbook
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-folder +this):\n%s", name, diff)
			}
		}
	}
	for name, s := range map[string]draft.Source{
		"the folder": {Folder: filepath.Join(example, "handbook")},
		"the commit": {Repository: bare, Revision: "main", Path: "handbook"},
	} {
		packed, err := draft.Pack(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := draft.Pack(t.Context(), s)
		if err != nil || !bytes.Equal(packed.Archive, again.Archive) {
			t.Errorf("%s is packed in two ways: %v", name, err)
		}
		if diff := gocmp.Diff(want.Families, read(t, draft.Source{Archive: packed.Archive}).Families); diff != "" {
			t.Errorf("%s, packed (-folder +this):\n%s", name, diff)
		}
		if (packed.Commit == hash) != (s.Kind() == draft.Revision) {
			t.Errorf("%s is of the commit %q", name, packed.Commit)
		}
	}
	d, err := draft.Read(t.Context(), draft.Source{Repository: bare, Revision: "main", Path: "handbook"}, today)
	if err != nil || d.Commit != hash || d.Name != "main" || d.When.IsZero() {
		t.Errorf("%+v, %v; want commit %s", d, err, hash)
	}
}

// A finder sees all pages of a draft, and findings are found by their page.
func TestDraftKnowsAllPages(t *testing.T) {
	d, err := draft.Read(t.Context(), draft.Source{Folder: example}, today)
	if err != nil {
		t.Fatal(err)
	}
	across := 0
	for _, p := range d.Families {
		for _, f := range d.Of(p.File.Path) {
			if f.Path != p.File.Path {
				t.Errorf("a finding of %s is told of %s", f.Path, p.File.Path)
			}
		}
		for _, l := range p.Family.Levels {
			for i := range l.Ladder.Next {
				if g, m := d.Find(p.Family, &l.Ladder.Next[i]); m != nil && g != p.Family {
					across++
				}
			}
		}
	}
	if across == 0 {
		t.Error("no ladder leads to another page")
	}
	again := d.Reading.Family(d.Families[0].File)
	if len(again.Levels) != len(d.Families[0].Family.Levels) {
		t.Error("a page that is read again says something else")
	}
	parsed, err := workspace.ParseReading(d.Reading.String())
	if err != nil || parsed.String() != d.Reading.String() || parsed.Aliases["GMP"] == "" {
		t.Errorf("%v, %v", parsed, err)
	}
}

// What cannot be read is refused, in words that say what to do, and without the
// places of the server.
func TestRefused(t *testing.T) {
	page := map[string]string{"jobs/pilot.md": "---\ntitle: Pilot\n---\n## Responsibilities\n* Guide ships\n"}
	with := func(name, text string) map[string]string {
		m := map[string]string{name: text}
		for k, v := range page {
			m[k] = v
		}
		return m
	}
	empty, place := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", place)
	for name, c := range map[string]struct {
		source draft.Source
		kind   fault.Kind
		says   string
	}{
		"no folder":        {draft.Source{Folder: filepath.Join(empty, "x")}, fault.NotFound, "there is no folder"},
		"no page":          {draft.Source{Folder: empty}, fault.NotFound, "there is no page here"},
		"no repository":    {draft.Source{Repository: empty}, fault.NotFound, "not in a git repository"},
		"no archive":       {draft.Source{Archive: []byte("Dear Cadre")}, fault.Invalid, "no .tar.gz, .tar or .zip"},
		"an empty archive": {draft.Source{Archive: tarball(t, nil, "")}, fault.Invalid, "holds no file"},
		"a heavy archive":  {draft.Source{Archive: heavy(t, 600)}, fault.Invalid, "is too large"},
		"a huge page":      {draft.Source{Archive: zipped(t, with("jobs/b.md", "* "+strings.Repeat("_a*b", 100_000)))}, fault.Invalid, "the page jobs/b.md has more than 128 KiB"},
		"no family":        {draft.Source{Archive: zipped(t, map[string]string{"a.md": "# Hello\n\nWorld\n"})}, fault.NotFound, "no job family among the 1 pages"},
		"a mistake":        {draft.Source{Archive: zipped(t, with("cadre.yaml", "ignroe: [x]\n"))}, fault.Invalid, `ignore`},
		"a binary page":    {draft.Source{Archive: zipped(t, with("jobs/b.md", "a\x00b"))}, fault.Invalid, "jobs/b.md: cannot be read"},
		"a file outside":   {draft.Source{Archive: zipped(t, with("../x.md", "# X\n"))}, fault.Invalid, "lies outside"},
		"a pack outside":   {draft.Source{Archive: zipped(t, with("cadre.yaml", "policy: ../../../../etc/passwd.yaml\n"))}, fault.Invalid, "outside of what is published"},
		"an absolute pack": {draft.Source{Archive: zipped(t, with("cadre.yaml", "hierarchy: {sections: /etc/hostname}\n"))}, fault.Invalid, "outside of what is published"},
	} {
		_, err := draft.Read(t.Context(), c.source, today)
		if err == nil || fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v (%s), want %s: %q", name, err, fault.KindOf(err), c.kind, c.says)
		}
		if err != nil && strings.Contains(err.Error(), "cadre-draft-") {
			t.Errorf("%s: the message tells where the server works: %v", name, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(place, "*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
