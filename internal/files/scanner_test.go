package files_test

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/files"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// eicar is the text that every scanner takes for a virus (eicar.org); written
// in two parts so that none takes this file for one.
const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-` + `STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// A daemon speaks clamd's protocol, and knows one virus.
type daemon struct {
	net.Listener
	limit int         // of a stream; 0 is none
	down  atomic.Bool // hangs up at once
	scans atomic.Int64
}

func startDaemon(t testing.TB, network, address string) *daemon {
	t.Helper()
	l, err := net.Listen(network, address)
	if err != nil {
		t.Fatal(err)
	}
	d := &daemon{Listener: l}
	done := make(chan bool)
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			d.serve(conn)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return d
}

func (d *daemon) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if d.down.Load() {
		return
	}
	r := bufio.NewReader(conn)
	command, err := r.ReadString(0)
	if err != nil {
		return
	}
	switch command {
	case "zPING\x00":
		_, _ = io.WriteString(conn, "PONG\x00")
	case "zINSTREAM\x00":
		d.scans.Add(1)
		_, _ = io.WriteString(conn, d.stream(r)+"\x00")
	default:
		_, _ = io.WriteString(conn, "UNKNOWN COMMAND\x00")
	}
}

func (d *daemon) stream(r io.Reader) string {
	var content strings.Builder
	for {
		var size [4]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return "INSTREAM: broken. ERROR"
		}
		n := binary.BigEndian.Uint32(size[:])
		if n == 0 {
			break
		}
		if _, err := io.CopyN(&content, r, int64(n)); err != nil {
			return "INSTREAM: broken. ERROR"
		}
		if d.limit > 0 && content.Len() > d.limit {
			return "INSTREAM size limit exceeded. ERROR"
		}
	}
	if strings.Contains(content.String(), eicar) {
		return "stream: Eicar-Test-Signature FOUND"
	}
	return "stream: OK"
}

func clamd(t testing.TB, address string) *files.Clamd {
	t.Helper()
	c, err := files.NewClamd(address)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestClamd(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "clamd.ctl")
	local := startDaemon(t, "unix", socket)
	remote := startDaemon(t, "tcp", "127.0.0.1:0")
	remote.limit = 300_000
	for _, c := range []*files.Clamd{clamd(t, "unix://"+socket), clamd(t, "tcp://"+remote.Addr().String())} {
		if err := c.Ping(t.Context()); err != nil {
			t.Error(err)
		}
		long := strings.Repeat("clean ", 40_000)
		for content, want := range map[string]string{"": "", "clean": "", long: "", eicar: "Eicar-Test-Signature", long + eicar: "Eicar-Test-Signature"} {
			if found, err := c.Scan(t.Context(), strings.NewReader(content)); err != nil || found != want {
				t.Errorf("%d bytes: %q, %v; want %q", len(content), found, err, want)
			}
		}
	}
	c := clamd(t, "tcp://"+remote.Addr().String())
	if found, err := c.Scan(t.Context(), strings.NewReader(strings.Repeat("a", 5<<20))); fault.KindOf(err) != fault.Busy || found != "" {
		t.Errorf("more than it takes: %q, %v", found, err)
	}
	if found, err := c.Scan(t.Context(), failing{errors.New("the disk is broken")}); fault.KindOf(err) != fault.Busy || found != "" {
		t.Errorf("a content that breaks off: %q, %v", found, err)
	}
	local.down.Store(true)
	if _, err := clamd(t, "unix://"+socket).Scan(t.Context(), strings.NewReader("x")); fault.KindOf(err) != fault.Busy {
		t.Errorf("a daemon that hangs up: %v", err)
	}
	for _, address := range []string{"", "clamd", "127.0.0.1:3310", "tcp://127.0.0.1", "http://127.0.0.1:3310", "unix://run/clamd.ctl"} {
		if _, err := files.NewClamd(address); fault.KindOf(err) != fault.Invalid {
			t.Errorf("the address %q: %v", address, err)
		}
	}
}

// With a scanner a file is handed out only after it was found clean.
func TestQuarantine(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := startDaemon(t, "tcp", "127.0.0.1:0")
		h := newHouse(t, db, clamd(t, "tcp://"+d.Addr().String()))
		clean, bad := h.put("clean.txt", "clean"), h.put("bad.txt", eicar)
		for _, f := range []files.File{clean, bad} {
			if _, err := h.Open(t.Context(), f); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "still being scanned") {
				t.Errorf("before the scan %s: %v", f.Name, err)
			}
			w := httptest.NewRecorder()
			if err := h.Serve(w, httptest.NewRequest("GET", "/", nil), f); fault.KindOf(err) != fault.Conflict || w.Body.Len() > 0 {
				t.Errorf("it is served: %v", err)
			}
		}
		h.work()
		eventually(t, "both are scanned", func() bool {
			c, err := h.find(clean.ID)
			b, err2 := h.find(bad.ID)
			return err == nil && err2 == nil && c.State == files.Scanned && b.State == files.Refused
		})
		clean, _ = h.find(clean.ID)
		c, err := h.Open(t.Context(), clean)
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Close()
		bad, _ = h.find(bad.ID)
		if _, err := h.Open(t.Context(), bad); fault.KindOf(err) != fault.Conflict || !strings.Contains(err.Error(), "refused") {
			t.Errorf("what was refused: %v", err)
		}
		eventually(t, "the bad content is removed", func() bool { return len(h.contents()) == 1 })
		if actions := strings.Join(journal(t, db), " "); strings.Count(actions, "files.file.scan") != 2 {
			t.Errorf("the journal knows %s", actions)
		}
	})
}

// While the scanner is away, files wait; those from before it was configured
// are scanned, too.
func TestScannerIsAway(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := startDaemon(t, "tcp", "127.0.0.1:0")
		d.down.Store(true)
		early := newHouse(t, db, nil)
		old := early.put("old.txt", "old")
		h := newHouse(t, db, clamd(t, "tcp://"+d.Addr().String()))
		f := h.put("new.txt", "new")
		h.work()
		failed := func() bool {
			var list []jobs.Entry
			err := db.View(t.Context(), func(tx store.Tx) (err error) {
				list, _, err = h.queue.List(t.Context(), tx, jobs.Filter{Kind: "files.scan_file"})
				return err
			})
			return err == nil && len(list) > 0 && len(list[len(list)-1].Failures) > 0
		}
		eventually(t, "the scan fails", failed)
		if f, err := h.find(f.ID); err != nil || f.State != files.Uploaded {
			t.Errorf("without a verdict it is %s, %v", f.State, err)
		}
		d.down.Store(false)
		eventually(t, "it is scanned in the end", func() bool {
			f, err := h.find(f.ID)
			return err == nil && f.State == files.Scanned
		})
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		// Its content is in the folder of the other house: the job cannot
		// succeed, but it is there.
		var list []jobs.Entry
		err := db.View(t.Context(), func(tx store.Tx) (err error) {
			list, _, err = h.queue.List(t.Context(), tx, jobs.Filter{Kind: "files.scan_file"})
			return err
		})
		if err != nil || !strings.Contains(list[0].Args, string(old.ID)) {
			t.Errorf("the old file is not to be scanned: %+v, %v", list, err)
		}
	})
}
