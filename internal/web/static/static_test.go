package static

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"testing"
)

// What others wrote is what the manifest says, byte for byte.
func TestManifest(t *testing.T) {
	var all []struct{ File, Name, Version, Licence, SHA256 string }
	if err := json.Unmarshal(read("manifest.json"), &all); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"app.js": true, "passkey.js": true} // our own
	for _, m := range all {
		listed[m.File] = true
		sum := sha256.Sum256(read(m.File))
		if got := hex.EncodeToString(sum[:]); got != m.SHA256 {
			t.Errorf("%s has the hash %s, but %s %s has %s", m.File, got, m.Name, m.Version, m.SHA256)
		}
		if m.Licence == "" || !strings.Contains(string(read(m.File)), `version:"`+m.Version+`"`) {
			t.Errorf("%s is not %s %s, or has no licence", m.File, m.Name, m.Version)
		}
	}
	scripts, err := fs.Glob(files, "*.js")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scripts {
		if !listed[name] {
			t.Errorf("manifest.json does not list %s", name)
		}
	}
}

func TestScriptsAreSmall(t *testing.T) {
	if n := len(assets()[App].text) + len(assets()[HTMX].text) + len(assets()[Passkey].text); n >= 100_000 {
		t.Errorf("scripts have %d bytes", n)
	}
}

func TestEverySheetIsServed(t *testing.T) {
	names, err := fs.Glob(files, "css/*.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if !slices.Contains(sheets, strings.TrimSuffix(path.Base(n), ".css")) {
			t.Errorf("%s is no part of the style sheet", n)
		}
	}
}

func TestServe(t *testing.T) {
	get := func(address string, header ...string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, address, nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		ServeHTTP(w, r)
		return w.Result()
	}
	plain := get(Address(Sheet))
	want, _ := io.ReadAll(plain.Body)
	if plain.StatusCode != http.StatusOK || !strings.Contains(plain.Header.Get("Cache-Control"), "immutable") || len(want) == 0 {
		t.Fatalf("plain: %d %v, %d bytes", plain.StatusCode, plain.Header, len(want))
	}
	small := get(Address(Sheet), "Accept-Encoding", "gzip, br")
	z, err := gzip.NewReader(small.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(z); string(got) != string(want) {
		t.Error("compressed, the style sheet is another")
	}
	if again := get(Address(Sheet), "If-None-Match", plain.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("the same again: %d", again.StatusCode)
	}
	for _, none := range []string{"/static/", "/static/cadre.css", "/static/cadre.0123456789ab.css", "/static/../go.mod"} {
		if got := get(none).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d", none, got)
		}
	}
}
