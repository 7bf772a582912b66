// Package static holds what browsers load besides pages: the style sheet, the
// scripts and the icon of the site.
//
// An asset is asked for under a name that holds a hash of its bytes, so it may
// be kept for ever; a new version has a new name. The style sheet is written in
// one file for each component and served as one. A library of others stands in
// manifest.json with its version and hash, which a test checks. Scripts are
// under 100 kB in all, and pages work without them.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

// Prefix is what the addresses of all assets begin with.
const Prefix = "/static/"

//go:embed css/*.css app.js passkey.js htmx.min.js icon.svg manifest.json
var files embed.FS

// sheets are the parts of the style sheet in order. Within a layer the later
// one wins.
var sheets = []string{
	"tokens", "base", "layout", "frame", "button", "form", "tabs", "table", "status", "source", "card", "notice",
	"menu", "plan", "diff", "finding", "measure", "graph", "levels", "inbox", "tree", "outline", "icicle", "ledger", "pick", "design",
}

// The assets by their plain names.
const (
	Sheet = "cadre.css"
	App   = "app.js"
	HTMX  = "htmx.js"
	// Passkey is loaded by the pages that need it alone.
	Passkey = "passkey.js"
	Icon    = "icon.svg"
)

type asset struct {
	kind        string // of media
	address     string
	tag         string
	text, small []byte // small is compressed; nil if that gains nothing
}

// assets reads and compresses all assets, when the first is asked for.
var assets = sync.OnceValue(func() map[string]*asset {
	all := map[string]*asset{}
	add := func(name, kind string, text []byte) {
		sum := sha256.Sum256(text)
		hash := hex.EncodeToString(sum[:6])
		ending := path.Ext(name)
		a := &asset{kind: kind, text: text, tag: `"` + hash + `"`}
		a.address = Prefix + strings.TrimSuffix(name, ending) + "." + hash + ending
		a.small = compressed(text)
		all[name] = a
	}
	add(Sheet, "text/css; charset=utf-8", sheet())
	add(App, "text/javascript; charset=utf-8", read("app.js"))
	add(HTMX, "text/javascript; charset=utf-8", read("htmx.min.js"))
	add(Passkey, "text/javascript; charset=utf-8", read("passkey.js"))
	add(Icon, "image/svg+xml", read("icon.svg"))
	return all
})

// Address returns where an asset of a plain name is found now. It panics if
// there is none.
func Address(name string) string { return assets()[name].address }

// ServeHTTP answers requests for assets. Under a name with the hash of an older
// version it answers NotFound, so that no cache keeps the wrong bytes.
func ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, a := range assets() {
		if a.address == r.URL.Path {
			a.serve(w, r)
			return
		}
	}
	http.NotFound(w, r)
}

func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	text, tag := a.text, a.tag
	if a.small != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		text, tag = a.small, a.tag[:len(a.tag)-1]+`-gzip"`
	}
	h.Set("ETag", tag)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
}

// sheet returns the whole style sheet.
func sheet() []byte {
	var all []byte
	for _, name := range sheets {
		all = append(all, read("css/"+name+".css")...)
	}
	return all
}

func read(name string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		panic(err) // it is part of the program
	}
	return text
}

func compressed(text []byte) []byte {
	var small bytes.Buffer
	z, _ := gzip.NewWriterLevel(&small, gzip.BestCompression) // the level is one that exists
	_, _ = z.Write(text)                                      // to memory
	_ = z.Close()
	if small.Len() >= len(text) {
		return nil
	}
	return small.Bytes()
}
