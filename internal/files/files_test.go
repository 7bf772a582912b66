package files_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// noon is what the clock says unless a test moves it.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// ada uploads.
type ada struct{}

func (ada) PrincipalID() string { return "ada" }
func (ada) RequestID() string   { return "r1" }

// A house is a service with all that it needs.
type house struct {
	*files.Service
	t      testing.TB
	db     *store.DB
	folder string
	queue  *jobs.Queue

	mu  sync.Mutex
	now time.Time
}

func newHouse(t testing.TB, db *store.DB, s files.Scanner) *house {
	t.Helper()
	h := &house{t: t, db: db, folder: filepath.Join(t.TempDir(), "files"), now: noon}
	blobs, err := files.OpenFolder(h.folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = blobs.Close() })
	if h.queue, err = jobs.New(db, jobs.Options{Log: storetest.Log(t), Poll: 50 * time.Millisecond}); err != nil {
		t.Fatal(err)
	}
	h.Service = files.New(db, blobs, h.queue, audit.New(db, h.clock), files.Options{Clock: h.clock, Log: storetest.Log(t), Scanner: s})
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// work does jobs until the test ends.
func (h *house) work() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.queue.Run(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			h.t.Error(err)
		}
	})
}

// contents lists the files of the folder.
func (h *house) contents() (names []string) {
	h.t.Helper()
	err := filepath.WalkDir(h.folder, func(_ string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, e.Name())
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return names
}

var (
	application = files.Owner{Kind: "application", ID: "a1"}
	documents   = files.Limits{Size: 1 << 20, Types: []files.Type{files.PDF, files.Word, files.Text}}
)

const pdf = "%PDF-1.7\n1 0 obj\nendobj\n"

func (h *house) put(name, content string) files.File {
	h.t.Helper()
	f, err := h.Put(context.Background(), ada{}, application, files.Incoming{Name: name, Type: "application/pdf", Content: strings.NewReader(content)}, documents)
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

func (h *house) find(id files.ID) (f files.File, err error) {
	err = h.db.View(context.Background(), func(tx store.Tx) error {
		f, err = h.Find(context.Background(), tx, id)
		return err
	})
	return f, err
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

func TestPutAndRemove(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, nil)
		h.work()
		f := h.put(`C:\Users\me\..\Ada's CV.pdf`, pdf)
		if f.Name != "Ada's CV.pdf" || f.Type != files.PDF || f.Size != int64(len(pdf)) || f.State != files.Uploaded || f.By != "ada" || !f.At.Equal(noon) {
			t.Errorf("%+v", f)
		}
		c, err := h.Open(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(c)
		if err != nil || string(got) != pdf || c.Close() != nil {
			t.Errorf("content %q, %v", got, err)
		}
		other := h.put("other.pdf", pdf)
		var list []files.File
		err = db.View(t.Context(), func(tx store.Tx) (err error) {
			list, err = h.Of(t.Context(), tx, application)
			return err
		})
		if err != nil || len(list) != 2 || list[0] != f || list[1] != other {
			t.Errorf("the files of the application: %+v, %v", list, err)
		}
		if names := h.contents(); len(names) != 2 || strings.Contains(strings.Join(names, " "), "Ada") {
			t.Errorf("the folder holds %v", names)
		}
		remove := func(id files.ID) error {
			return db.Update(t.Context(), func(tx store.Tx) error { return h.Remove(t.Context(), tx, ada{}, id) })
		}
		if err := remove(f.ID); err != nil {
			t.Fatal(err)
		}
		if err := remove(f.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("removed twice: %v", err)
		}
		eventually(t, "its content is removed", func() bool { return len(h.contents()) == 1 })
		var n int
		err = db.Update(t.Context(), func(tx store.Tx) (err error) {
			n, err = h.Erase(t.Context(), tx, ada{}, application)
			return err
		})
		if err != nil || n != 1 {
			t.Errorf("erased %d, %v", n, err)
		}
		eventually(t, "no content is left", func() bool { return len(h.contents()) == 0 })
		actions := journal(t, db)
		if strings.Join(actions, " ") != "files.file.add files.file.add files.file.remove files.file.remove" {
			t.Errorf("the journal knows %v", actions)
		}
	})
}

func journal(t testing.TB, db *store.DB) (actions []string) {
	t.Helper()
	err := db.View(context.Background(), func(tx store.Tx) error {
		list, err := audit.Entries(context.Background(), tx, audit.Filter{})
		for i := range list {
			actions = append(actions, list[len(list)-1-i].Action)
			if strings.Contains(list[i].Facts, "CV") {
				t.Errorf("the journal tells a name: %s", list[i].Facts)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

// An archive of the given members.
func archive(t testing.TB, members ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		name, content, _ := strings.Cut(m, "=")
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, content)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What a file is, its content says: not its name, and not its sender.
func TestTypes(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	docx := archive(t, "[Content_Types].xml=", "word/document.xml=<w/>")
	for _, c := range []struct{ why, name, content, want string }{
		{"a PDF", "cv.pdf", pdf, "application/pdf cv.pdf"},
		{"a PDF with another name", "cv.exe", pdf, "application/pdf cv.exe.pdf"},
		{"a PDF without a name", "", pdf, "application/pdf file.pdf"},
		{"a Word document", "cv.docx", docx, string(files.Word) + " cv.docx"},
		{"a Word document with macros", "cv.docx", archive(t, "[Content_Types].xml=", "word/document.xml=", "word/vbaProject.bin="), "not known"},
		{"an Excel workbook", "cv.docx", archive(t, "[Content_Types].xml=", "xl/workbook.xml="), "an Excel workbook"},
		{"a plain archive", "cv.docx", archive(t, "cv.html=<script>"), "a ZIP archive"},
		{"an OpenDocument text", "cv.odt", archive(t, "mimetype="+string(files.OpenText)), "an OpenDocument text"},
		{"half an archive", "cv.docx", docx[:len(docx)-10], "not known"},
		{"an archive that unpacks into a lot", "cv.docx", archive(t, "[Content_Types].xml=", "word/document.xml="+strings.Repeat("0", 2_000_000)), "not known"},
		{"text", "notes.txt", "Größe: 3\r\n", "text/plain notes.txt"},
		{"text that ends within a letter", "notes.txt", "Gr\xc3", "not known"},
		{"text with a bell", "notes.txt", "ding\a", "not known"},
		{"a page", "notes.txt", "<!DOCTYPE html><script>alert(1)</script>", "not known"},
		{"a drawing with scripts", "me.svg", `<?xml version="1.0"?><svg onload="x()"/>`, "not known"},
		{"a program", "cv.pdf", "MZ\x90\x00\x03", "not known"},
		{"a program in the dress of a PDF", "cv.pdf", "\x7fELF\x02%PDF-1.7", "not known"},
		{"nothing", "cv.pdf", "", "is empty"},
		{"a picture", "me.png", "\x89PNG\r\n\x1a\n0000", "a PNG picture"},
	} {
		f, err := h.Put(t.Context(), ada{}, application, files.Incoming{Name: c.name, Type: "application/pdf", Content: strings.NewReader(c.content)}, documents)
		got := string(f.Type) + " " + f.Name
		if err != nil {
			got = err.Error()
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s: %v", c.why, err)
			}
		}
		if err == nil && got != c.want || err != nil && !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
	if n := len(h.contents()); n != 5 {
		t.Errorf("%d contents are kept, want those that were taken", n)
	}
	err := h.Sweep(t.Context())
	if n := len(h.contents()); err != nil || n != 5 {
		t.Errorf("the sweep leaves %d: %v", n, err)
	}
}

func TestNames(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	for name, want := range map[string]string{
		"../../etc/passwd": "passwd.pdf", `a\b\c.pdf`: "c.pdf", "..": "file.pdf", "a\x00\r\nb.pdf": "ab.pdf", "CV\u202efdp.exe": "CVfdp.exe.pdf",
		"Żółć.PDF": "Żółć.pdf", " .pdf ": "pdf.pdf", strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 98) + ".pdf", `a"b<c>.pdf`: "abc.pdf",
	} {
		if f := h.put(name, pdf); f.Name != want {
			t.Errorf("%q becomes %q, want %q", name, f.Name, want)
		}
	}
}

// endless is a content without an end.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return copy(p, bytes.Repeat([]byte("a"), len(p))), nil
}

// What is too large is not read to its end; what breaks off is not kept.
func TestLimits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, nil)
		var e endless
		_, err := h.Put(t.Context(), ada{}, application, files.Incoming{Name: "a.txt", Content: &e}, documents)
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "larger than 1 MB") || e.read > 2<<20 {
			t.Errorf("an endless file: %v, after %d bytes", err, e.read)
		}
		exact := strings.Repeat("a", 1<<20)
		if _, err := h.Put(t.Context(), ada{}, application, files.Incoming{Name: "a.txt", Content: strings.NewReader(exact)}, documents); err != nil {
			t.Errorf("just as large as it may be: %v", err)
		}
		gone := errors.New("the line is gone")
		_, err = h.Put(t.Context(), ada{}, application, files.Incoming{Name: "a.txt", Content: io.MultiReader(strings.NewReader("abc"), failing{gone})}, documents)
		if !errors.Is(err, gone) {
			t.Errorf("a broken line: %v", err)
		}
		if n := len(h.contents()); n != 1 {
			t.Errorf("%d contents are kept", n)
		}
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// What was received and never attached is swept up after a day, and nothing
// else is.
func TestSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := newHouse(t, db, nil)
		kept := h.put("cv.pdf", pdf)
		u, err := h.Receive(t.Context(), files.Incoming{Name: "cv.pdf", Content: strings.NewReader(pdf)}, documents)
		if err != nil {
			t.Fatal(err)
		}
		no := fault.New(fault.Conflict, "the application is withdrawn")
		err = db.Update(t.Context(), func(tx store.Tx) error {
			if _, err := h.Attach(t.Context(), tx, ada{}, application, u); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) || len(h.contents()) != 2 {
			t.Fatalf("%v, %v", err, h.contents())
		}
		half := filepath.Join(h.folder, "00", "0000-00.part")
		if err := errors.Join(os.MkdirAll(filepath.Dir(half), 0o700), os.WriteFile(half, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
		h.now = time.Now().Add(23 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil || len(h.contents()) != 3 {
			t.Errorf("before a day: %v, %v", err, h.contents())
		}
		h.now = time.Now().Add(25 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil || len(h.contents()) != 1 {
			t.Errorf("after a day: %v, %v", err, h.contents())
		}
		if _, err := h.Open(t.Context(), kept); err != nil {
			t.Errorf("what was attached: %v", err)
		}
		_, err = h.Put(t.Context(), ada{}, files.Owner{Kind: "a thing with blanks", ID: "x"}, files.Incoming{Content: strings.NewReader(pdf)}, documents)
		if err == nil {
			t.Error("an owner that the journal cannot name was taken")
		}
	})
}

// A browser gets a file to save, in parts if it asks, and no page.
func TestServe(t *testing.T) {
	h := newHouse(t, storetest.Open(t, storetest.SQLite(t)), nil)
	f := h.put("Żółć; \"x\".txt", "0123456789")
	get := func(headers ...string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, "/files/x", nil)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		if err := h.Serve(w, r, f); err != nil {
			t.Fatal(err)
		}
		return w.Result()
	}
	r := get()
	for name, want := range map[string]string{
		"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'", "Cache-Control": "private, no-cache",
		"Content-Disposition": "attachment; filename*=utf-8''%C5%BB%C3%B3%C5%82%C4%87%3B%20x.txt", "Content-Length": "10",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	part := get("Range", "bytes=3-5")
	body, _ := io.ReadAll(part.Body)
	if part.StatusCode != http.StatusPartialContent || string(body) != "345" {
		t.Errorf("a part: %d %q", part.StatusCode, body)
	}
	if again := get("If-None-Match", r.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
		t.Errorf("again: %d", again.StatusCode)
	}
	picture, err := h.Put(t.Context(), ada{}, application, files.Incoming{Name: "me.png", Content: strings.NewReader("\x89PNG\r\n\x1a\n0000")},
		files.Limits{Size: 100, Types: []files.Type{files.PNG}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f    files.File
		want string
	}{{picture, "inline"}, {f, "attachment"}} {
		w := httptest.NewRecorder()
		if err := h.Show(w, httptest.NewRequest(http.MethodGet, "/", nil), c.f); err != nil || !strings.HasPrefix(w.Header().Get("Content-Disposition"), c.want) {
			t.Errorf("%s is shown as %q, %v", c.f.Name, w.Header().Get("Content-Disposition"), err)
		}
	}
}
