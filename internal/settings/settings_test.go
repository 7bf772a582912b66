package settings

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/layers"
)

// folder returns a data folder with a file of settings.
func folder(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, Name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The later layer is the stronger one, key by key, and the origin tells which.
func TestLayers(t *testing.T) {
	dir := folder(t, "addr: 127.0.0.1:1\npublic_url: https://a.example\nlog:\n  level: debug\nstop_within: 3s\n")
	s, err := Load(Options{
		Environ: []string{"CADRE_DATA=" + dir, "CADRE_PUBLIC_URL=https://b.example", "CADRE_LOG_LEVEL=warn", "CADRE_CORPUS=/x", "CADRE_POLICY=x"},
		Flags:   []Flag{{"--log-level", "log.level", "error"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(); err != nil {
		t.Fatal(err)
	}
	got := map[string][2]string{}
	for _, v := range s.Values() {
		if v.Origin.Kind != layers.FromDefault {
			got[v.Key] = [2]string{v.Text, strings.Replace(v.Origin.String(), dir, "DIR", 1)}
		}
	}
	want := map[string][2]string{
		"data":        {`"` + dir + `"`, "CADRE_DATA"},
		"addr":        {`"127.0.0.1:1"`, filepath.Join("DIR", Name) + ":1"},
		"public_url":  {`"https://b.example"`, "CADRE_PUBLIC_URL"},
		"log.level":   {`"error"`, "--log-level"},
		"stop_within": {`"3s"`, filepath.Join("DIR", Name) + ":5"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if !s.IsSet("addr") || s.IsSet("metrics_addr") || s.File() != filepath.Join(dir, Name) {
		t.Error("it is not known what was set")
	}
}

// Without a file the defaults count; they lack only the data folder.
func TestDefaults(t *testing.T) {
	s, err := Load(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(); err == nil || err.Error() != "default: there is no data folder: name one with --data or CADRE_DATA" {
		t.Errorf("the defaults are %v", err)
	}
	if s, err = Load(Options{Environ: []string{"CADRE_DATA=/srv"}}); err != nil || s.DatabasePlace() != filepath.Join("/srv", "cadre.db") || s.File() != "" {
		t.Errorf("the database is at %s, %v", s.DatabasePlace(), err)
	}
}

// Everything that is wrong is told at once, with where it stands.
func TestAllProblemsAtOnce(t *testing.T) {
	dir := folder(t, strings.Join([]string{
		"addr: nowhere", "adr: x", "public_url: http://cadre.example.com", "connections: 1", "metrics_addr: 127.0.0.1:99999", "trusted_proxies: [10.0.0.0/8, proxy]",
		"stop_within: soon", "data: /x", "rate_limit: -1", "mail: {host: mail.example.com, security: none, from: nobody}", "log: {level: loud}", "",
	}, "\n"))
	s, err := Load(Options{Environ: []string{"CADRE_DATA=" + dir, "CADRE_DATABASE=mysql://x/y"}})
	if fault.KindOf(err) != fault.Invalid {
		t.Fatalf("it is loaded: %v", err)
	}
	text := err.Error() + "\n" + s.Validate().Error()
	text = strings.ReplaceAll(text, filepath.Join(dir, Name), "FILE")
	for _, want := range []string{
		`FILE:2:1: unknown key "adr"; did you mean "addr"?`,
		`FILE:7:1: stop_within must be a time such as 20s or 1m30s, up to 10m`,
		`FILE:8:1: data cannot be set in this file: use --data or CADRE_DATA`,
		`FILE:1:1: addr must be a host and a port, such as 127.0.0.1:8080, not "nowhere"`,
		`FILE:3:1: public_url must begin with https://`,
		`FILE:4:1: connections must be from 2 to 1000, not 1`,
		`FILE:5:1: metrics_addr must be a host and a port`,
		`FILE:6:31: trusted_proxies lists networks such as 10.0.0.0/8 or addresses, not "proxy"`,
		`FILE:9:1: rate_limit must be 0 for no limit`,
		`FILE:10:32: mail.security can be none for a server on this machine alone`,
		`FILE:10:48: mail.from must be the address that letters come from`,
		`FILE:11:7: log.level must be one of debug, info, warn, error, not "loud"`,
		`CADRE_DATABASE: database must be the path of a file, or postgres://…, not mysql://…`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("it does not say %s\n%s", want, text)
		}
	}
}

// A password in the address of the database is used, and not shown.
func TestPasswordIsNotShown(t *testing.T) {
	for _, place := range []string{"postgres://cadre:hunter2@db/cadre", "postgres://db/cadre?user=cadre&password=hunter2", "postgres://cadre:hun%ter2@db/cadre"} {
		s, err := Load(Options{Environ: []string{"CADRE_DATA=x", "CADRE_DATABASE=" + place}})
		if err != nil {
			t.Fatal(err)
		}
		if s.DatabasePlace() != place || !s.IsShared() {
			t.Errorf("the database is at %s", s.DatabasePlace())
		}
		for _, v := range s.Values() {
			if strings.Contains(v.Text, "hun") {
				t.Errorf("%s shows %s", v.Key, v.Text)
			}
		}
	}
}

func TestURL(t *testing.T) {
	for _, c := range []struct{ public, listening, want string }{
		{"", "127.0.0.1:8080", "http://localhost:8080"},
		{"", "[::]:8080", "http://localhost:8080"},
		{"", ":8080", "http://localhost:8080"},
		{"", "192.0.2.1:80", "http://192.0.2.1:80"},
		{"https://cadre.example.com/", "127.0.0.1:8080", "https://cadre.example.com"},
	} {
		s := &Settings{PublicURL: c.public}
		if got := s.URL(c.listening).String(); got != c.want {
			t.Errorf("%q at %s is reached at %s, want %s", c.public, c.listening, got, c.want)
		}
	}
}

// The example says what the defaults say, with every key, and what its comments
// suggest is valid.
func TestExample(t *testing.T) {
	plain, err := Load(Options{Environ: []string{"CADRE_DATA=" + folder(t, Example())}})
	if err != nil {
		t.Fatal(err)
	}
	if err := plain.Validate(); err != nil {
		t.Error(err)
	}
	untouched, err := Load(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range untouched.Values() {
		shown := plain.Values()[i]
		if v.Key != "data" && (shown.Text != v.Text || shown.Origin.Kind != layers.FromFile) {
			t.Errorf("the example says %s: %s, the default is %s", v.Key, shown.Text, v.Text)
		}
	}
	full := regexp.MustCompile(`(?m)^providers: \[\]$`).ReplaceAllString(regexp.MustCompile(`(?m)^#(  .*)$`).ReplaceAllString(Example(), "$1"), "")
	full = strings.Replace(full, "# Identity providers", "providers:\n# Identity providers", 1)
	if s, err := Load(Options{Environ: []string{"CADRE_DATA=" + folder(t, full)}}); err != nil || len(s.Providers) != 1 || s.Providers[0].Client != "cadre" {
		t.Errorf("what the comments suggest: %v", err)
	}
}

// What is published comes by a way that nobody can change, and the settings
// hold no password, which messages about the repository would tell.
func TestRepositoryIsSafe(t *testing.T) {
	for place, says := range map[string]string{
		"https://git.example.com/handbook":            "",
		"http://127.0.0.1:3000/handbook":              "",
		"/srv/handbook":                               "",
		"http://git.example.com/handbook":             "must begin with https://",
		"https://ada:secret@git.example.com/handbook": "must not hold a name or password",
		"https://token@git.example.com/handbook":      "must not hold a name or password",
	} {
		s, err := Load(Options{Environ: []string{"CADRE_DATA=" + t.TempDir(), "CADRE_HANDBOOK_REPOSITORY=" + place}})
		if err != nil {
			t.Fatal(err)
		}
		switch err := s.Validate(); {
		case says == "" && err == nil:
		case says == "" || err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "secret@"):
			t.Errorf("%s: %v, want %q", place, err, says)
		}
	}
}
