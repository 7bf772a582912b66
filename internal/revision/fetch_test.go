package revision_test

import (
	"bytes"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/revision"
	"github.com/cadre-hq/cadre/internal/source"
)

// gitServer serves the repositories below a folder, by git's own program, to
// who knows the password.
func gitServer(t *testing.T, folder, password string) string {
	t.Helper()
	path, err := exec.CommandContext(t.Context(), "git", "--exec-path").Output()
	if err != nil {
		t.Skip("git is not installed")
	}
	backend := &cgi.Handler{
		Path: filepath.Join(strings.TrimSpace(string(path)), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + folder, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_NOSYSTEM=1", "HOME=" + folder},
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, got, _ := r.BasicAuth(); got != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			http.Error(w, "who are you?", http.StatusUnauthorized)
			return
		}
		backend.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// The last commit of a branch is fetched from a server, and read.
func TestFetch(t *testing.T) {
	top := t.TempDir()
	work := filepath.Join(top, "work")
	git := func(args ...string) string {
		t.Helper()
		c := exec.CommandContext(t.Context(), "git", append([]string{"-C", work, "-c", "user.name=Ada", "-c", "user.email=ada@meridian.example"}, args...)...)
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	if err := os.Mkdir(work, 0o755); err != nil {
		t.Fatal(err)
	}
	git("init", "-q", "-b", "main")
	for i, text := range []string{"# One\n", "# Two\n"} {
		if err := os.WriteFile(filepath.Join(work, "page.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		git("add", ".")
		git("commit", "-qm", strings.Repeat("Edit", i+1))
	}
	head := git("rev-parse", "HEAD")
	git("branch", "draft", "HEAD~1")
	git("clone", "-q", "--bare", work, filepath.Join(top, "handbook.git"))
	address := gitServer(t, top, "open sesame")

	for _, c := range []struct{ branch, want, text string }{{"main", head, "# Two\n"}, {"", head, "# Two\n"}, {"draft", "", "# One\n"}} {
		folder := t.TempDir()
		if err := revision.Fetch(t.Context(), revision.Remote{Address: address + "/handbook.git", Token: "open sesame"}, c.branch, folder); err != nil {
			t.Fatal(c.branch, err)
		}
		repo, err := revision.Open(folder)
		if err != nil {
			t.Fatal(err)
		}
		commit, err := repo.Find("HEAD")
		if err != nil {
			t.Fatal(err)
		}
		files, problems, err := repo.Pages(t.Context(), commit, "", "", source.Options{})
		if err != nil || len(problems) > 0 || len(files) != 1 || !bytes.Equal(files[0].Text, []byte(c.text)) {
			t.Errorf("%q: %v %v %v", c.branch, files, problems, err)
		}
		if c.want != "" && commit.Hash.String() != c.want {
			t.Errorf("%q: commit %s, want %s", c.branch, commit.Hash, c.want)
		}
		if err := repo.Close(); err != nil {
			t.Error(err)
		}
	}
	for why, c := range map[string]struct {
		remote revision.Remote
		branch string
		kind   fault.Kind
	}{
		"no such branch":     {revision.Remote{Address: address + "/handbook.git", Token: "open sesame"}, "summer", fault.NotFound},
		"no such repository": {revision.Remote{Address: address + "/x.git", Token: "open sesame"}, "main", fault.NotFound},
		"a wrong token":      {revision.Remote{Address: address + "/handbook.git", Token: "please"}, "main", fault.Forbidden},
		"no token":           {revision.Remote{Address: address + "/handbook.git"}, "main", fault.Forbidden},
		"too much":           {revision.Remote{Address: address + "/handbook.git", Token: "open sesame", MostBytes: 100}, "main", fault.Invalid},
		"no server":          {revision.Remote{Address: "http://127.0.0.1:1/x.git"}, "main", fault.Busy},
	} {
		err := revision.Fetch(t.Context(), c.remote, c.branch, t.TempDir())
		if fault.KindOf(err) != c.kind || err == nil {
			t.Errorf("%s: %v (%s), want %s", why, err, fault.KindOf(err), c.kind)
		}
		if err != nil && strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: the error tells the token: %v", why, err)
		}
	}
}
