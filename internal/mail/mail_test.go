package mail_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	. "github.com/cadre-hq/cadre/internal/mail"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func now() time.Time { return time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC) }

func sender() Sender {
	return Sender{Address: Address{"Cadre at Meridian", "cadre@meridian.example"}, Site: "Cadre at Meridian"}
}

// A carrier for tests, which tells what it got, or fails.
type carrier struct {
	mu   sync.Mutex
	got  []Message
	fail []error // for the first letters
}

func (c *carrier) Carry(_ context.Context, m Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.fail) > 0 {
		err := c.fail[0]
		c.fail = c.fail[1:]
		return err
	}
	c.got = append(c.got, m)
	return nil
}

func (c *carrier) letters() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Message(nil), c.got...)
}

// A letter is posted in a transaction, and written and sent after it. The queue
// never sees the address.
func TestPost(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		ctx := t.Context()
		var log bytes.Buffer
		q, err := jobs.New(d, jobs.Options{Log: slog.New(slog.NewTextHandler(&log, nil)), Poll: 20 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		c := &carrier{}
		p := NewPostman(q, c, slog.New(slog.DiscardHandler))
		p.Write("harbour", func(_ context.Context, id string) (Message, error) {
			if id == "gone" {
				return Message{}, ErrNone
			}
			to := Address{"Ada\r\nBcc: eve@evil.example", "ada@meridian.example"}
			if id == "astray" {
				to.Email = "ada@meridian.example, eve@evil.example"
			}
			return Message{To: to, Subject: "Berth " + id + "\nX-Spam: yes", Body: []string{"It is free."}}, nil
		})
		desk := p.Desk("harbour")
		post := func(id string, fail error) {
			err := d.Update(ctx, func(tx store.Tx) error {
				if err := desk.PostLetter(ctx, tx, id); err != nil {
					return err
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
		post("6", errors.New("the berth is not free after all"))
		post("7", nil)
		post("gone", nil)
		post("astray", nil)
		run, stop := context.WithCancel(ctx)
		done := make(chan error)
		go func() { done <- q.Run(run) }()
		over := func() (n int) {
			err := d.View(ctx, func(tx store.Tx) error {
				list, _, err := q.List(ctx, tx, jobs.Filter{})
				n = 0
				for _, e := range list {
					if strings.Contains(e.Args, "meridian") {
						t.Errorf("the queue holds %s", e.Args)
					}
					if e.State.IsOver() {
						n++
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		for until := time.Now().Add(20 * time.Second); over() < 3; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("the letters are not sent after 20 seconds")
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		got := c.letters()
		if len(got) != 1 || got[0].Subject != "Berth 7 X-Spam: yes" || got[0].To.Name != "Ada Bcc: eve@evil.example" {
			t.Errorf("carried %+v, want the letter about berth 7 alone, its headers on one line", got)
		}
		if strings.Contains(log.String(), "evil.example") {
			t.Errorf("the log names an address: %s", log.String())
		}
	})
}

func TestFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "outbox")
	var log bytes.Buffer
	f := NewFolder(folder, sender(), slog.New(slog.NewTextHandler(&log, nil)), now)
	m := Message{
		To: Address{"Zoë Quay", "zoe@meridian.example"}, Subject: "Grüße", Greeting: "Hello Zoë,",
		Body: []string{"Is 3 < 4 & 5?"}, Link: &Link{"Look", "https://cadre.example/x?a=1&b=2"}, After: []string{"Bye."},
	}
	if err := f.Carry(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(folder + "/20261125-093000-*.eml")
	if err != nil || len(files) != 1 {
		t.Fatalf("the folder has %q, %v", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the letter: %v, %v", info.Mode(), err)
	}
	if strings.Contains(log.String(), "zoe") || !strings.Contains(log.String(), files[0]) {
		t.Errorf("the log says %s", log.String())
	}
	content, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	letter, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	parts := read(t, letter)
	if h := parts.header; h["Subject"] != "Grüße" || h["To"] != `"Zoë Quay" <zoe@meridian.example>` || h["Auto-Submitted"] != "auto-generated" {
		t.Errorf("headers %q", h)
	}
	for _, want := range []string{"Hello Zoë,", "Is 3 < 4 & 5?", "https://cadre.example/x?a=1&b=2", "Cadre at Meridian"} {
		if !strings.Contains(parts.text, want) {
			t.Errorf("the text does not say %q:\n%s", want, parts.text)
		}
	}
	for _, want := range []string{"Is 3 &lt; 4 &amp; 5?", `href="https://cadre.example/x?a=1&amp;b=2"`} {
		if !strings.Contains(parts.html, want) {
			t.Errorf("the HTML does not say %q:\n%s", want, parts.html)
		}
	}
}

func TestSettings(t *testing.T) {
	for why, c := range map[string]struct {
		settings SMTP
		wrong    string
	}{
		"a usual server":            {SMTP{Host: "mail.meridian.example", From: sender()}, ""},
		"one on this machine":       {SMTP{Host: "127.0.0.1", Security: None, From: sender()}, ""},
		"one elsewhere, in clear":   {SMTP{Host: "mail.meridian.example", Security: None, From: sender()}, "on this machine"},
		"a security that is none":   {SMTP{Host: "x", Security: "maybe", From: sender()}, "maybe"},
		"no name":                   {SMTP{From: sender()}, "no name"},
		"no sender":                 {SMTP{Host: "x"}, "sender"},
		"a user without a password": {SMTP{Host: "x", From: sender(), Username: "cadre"}, "no password"},
	} {
		_, err := NewServer(c.settings, now)
		if (err == nil) != (c.wrong == "") || err != nil && (!strings.Contains(err.Error(), c.wrong) || fault.KindOf(err) != fault.Invalid) {
			t.Errorf("%s: %v, want %q", why, err, c.wrong)
		}
	}
}
