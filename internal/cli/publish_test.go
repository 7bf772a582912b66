package cli

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/settings"
)

// A terminal is where somebody types commands.
type terminal struct {
	t       *testing.T
	environ []string
}

// run runs a command, and returns what it printed to both streams.
func (m *terminal) run(code int, args ...string) (out, errors string) {
	m.t.Helper()
	var o, e bytes.Buffer
	if got := run(m.t.Context(), args, streams{in: strings.NewReader(""), out: &o, err: &e, environ: m.environ}); got != code {
		m.t.Fatalf("cadre %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), got, code, &o, &e)
	}
	return o.String(), e.String()
}

// Pages are published to a server that runs, by a token: once, refused for an
// error, and with a reason.
func TestPublishToAServer(t *testing.T) {
	data, pages := t.TempDir(), t.TempDir()
	m := &terminal{t: t}
	m.run(0, "migrate", "--data", data)
	m.run(0, "user", "add", "--data", data, "ada@meridian.example", "--name", "Ada", "--role", "administrator")
	m.run(0, "user", "add", "--data", data, "ben@meridian.example", "--name", "Ben")
	token := func(account, scope string) string {
		out, _ := m.run(0, "token", "create", "--data", data, account, "--name", "pipeline", "--scope", scope)
		return strings.TrimSpace(out)
	}
	good, reading, other := token("ada@meridian.example", "catalog:write"), token("ada@meridian.example", "catalog:read"), token("ben@meridian.example", "catalog:write")

	s, err := settings.Load(settings.Options{Flags: []settings.Flag{{Name: "--data", Key: "data", Value: data}, {Name: "--addr", Key: "addr", Value: "127.0.0.1:0"}}})
	if err != nil {
		t.Fatal(err)
	}
	a, err := server.New(t.Context(), server.Options{Settings: s, Version: "test", Clock: time.Now, Log: slog.New(slog.DiscardHandler), Variable: func(string) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	web := httptest.NewServer(a)
	t.Cleanup(web.Close)

	write := func(p catalogtest.Pages) {
		for name, text := range p {
			at := filepath.Join(pages, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(catalogtest.Harbour())
	m.environ = []string{"CADRE_SERVER=" + web.URL, "CADRE_TOKEN=" + good}
	out, said := m.run(0, "publish", pages, "--dry-run")
	if !strings.Contains(out, "added  Pilots") || !strings.Contains(said, "this would be a new release: 2 changes of 2 job families") {
		t.Errorf("a dry run: %s%s", out, said)
	}
	if _, said = m.run(0, "publish", pages); !strings.Contains(said, "release 1 is published") {
		t.Errorf("published: %s", said)
	}
	if _, said = m.run(0, "publish", pages); !strings.Contains(said, "nothing has changed since release 1") {
		t.Errorf("again: %s", said)
	}
	write(catalogtest.Harbour().Edit(t, catalogtest.Pilots, "Write a report", "Write a [report]()"))
	out, _ = m.run(1, "publish", pages)
	if !strings.HasPrefix(out, catalogtest.Pilots+":29:") || !strings.Contains(out, "error[CAD204]") {
		t.Errorf("refused: %s", out)
	}
	_, fingerprint, _ := strings.Cut(strings.TrimSpace(out), "(")
	out, said = m.run(0, "publish", pages, "--waive", strings.TrimSuffix(fingerprint, ")")+"=The report moves")
	if !strings.Contains(out, "1 LINK") || !strings.Contains(said, "release 2 is published") {
		t.Errorf("waived: %s%s", out, said)
	}
	for why, c := range map[string]struct{ token, says string }{
		"a token that reads":  {reading, "a token of theirs needs the scope catalog:write"},
		"no administrator's":  {other, "job families are published by administrators"},
		"a token of nobody's": {"cadre_t_x", "this token is not valid"},
	} {
		m.environ = []string{"CADRE_SERVER=" + web.URL, "CADRE_TOKEN=" + c.token}
		if _, said := m.run(2, "publish", pages); !strings.Contains(said, c.says) {
			t.Errorf("%s: %s", why, said)
		}
	}
	stranger := httptest.NewServer(nil)
	t.Cleanup(stranger.Close)
	m.environ = []string{"CADRE_SERVER=" + stranger.URL, "CADRE_TOKEN=" + good}
	if _, said := m.run(2, "publish", pages); !strings.Contains(said, "not as a Cadre server does") {
		t.Errorf("another server: %s", said)
	}
}
