// Package mail sends letters to people.
//
// A room asks for a letter in the transaction of what it is about, with
// Desk.PostLetter. That inserts a job which names the letter by an id. When the
// job runs, the room's Writer reads what the letter says and where it goes, and
// a Carrier takes it there: SMTP, or a folder of an installation that has no
// mail server yet. So the queue holds nothing personal, and a letter that has
// no reason any more is not sent.
//
// A letter has a greeting, paragraphs and perhaps one link as a button, each as
// plain text; one template makes text and HTML of them. What comes from people
// cannot become markup, nor a header.
package mail

import (
	"context"
	"errors"
	"log/slog"
	"net/mail"
	"strings"
	"time"
	"unicode"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// An Address is where a letter goes.
type Address struct {
	Name  string // may be ""
	Email string
}

// A Message is one letter to one person. All of it is plain text.
type Message struct {
	To       Address
	Subject  string
	Greeting string
	Body     []string // paragraphs
	Link     *Link    // what to do, as a button
	After    []string // paragraphs below the button
}

// A Link is an address of a page with the words on its button.
type Link struct{ Words, URL string }

// A Carrier takes letters to where they are read. An error that jobs.GiveUp
// wrapped says that trying again is of no use. Errors go to the log, so they
// name nobody.
type Carrier interface {
	Carry(ctx context.Context, m Message) error
}

// A Writer returns the letter of an id. The error is ErrNone if it has no
// reason any more.
type Writer func(ctx context.Context, id string) (Message, error)

// ErrNone says that nothing is to be sent.
var ErrNone = errors.New("no letter is to be sent")

// A Postman has letters written and carried, in jobs.
type Postman struct {
	queue   *jobs.Queue
	carrier Carrier
	log     *slog.Logger
	writers map[string]Writer
}

// letter are the arguments of the job.
type letter struct {
	Room string `json:"room"`
	ID   string `json:"id"`
}

// Kind implements jobs.Args.
func (letter) Kind() string { return "mail.send_letter" }

// NewPostman returns a postman, whose job it registers in the queue.
func NewPostman(q *jobs.Queue, c Carrier, log *slog.Logger) *Postman {
	p := &Postman{queue: q, carrier: c, log: log, writers: map[string]Writer{}}
	jobs.Register(q, jobs.Policy{Timeout: 2 * time.Minute}, func(ctx context.Context, j jobs.Job[letter]) error {
		return p.send(ctx, j.Args)
	})
	return p
}

// Write says who writes the letters of a room. It is called for each room
// before the queue runs.
func (p *Postman) Write(room string, w Writer) { p.writers[room] = w }

// A Desk is where a room posts letters.
type Desk struct {
	postman *Postman
	room    string
}

// Desk returns where a room posts letters.
func (p *Postman) Desk(room string) Desk { return Desk{p, room} }

// PostLetter has the letter of an id written and sent once the transaction is
// done.
func (d Desk) PostLetter(ctx context.Context, tx store.Tx, id string) error {
	return d.postman.queue.Insert(ctx, tx, letter{d.room, id})
}

// send writes a letter and has it carried.
func (p *Postman) send(ctx context.Context, l letter) error {
	write, ok := p.writers[l.Room]
	if !ok {
		return jobs.GiveUp(fault.New(fault.Internal, "nobody writes the letters of %q", l.Room))
	}
	m, err := write(ctx, l.ID)
	if errors.Is(err, ErrNone) {
		p.log.DebugContext(ctx, "a letter is not needed any more", "room", l.Room, "letter", l.ID)
		return nil
	}
	if err != nil {
		return err
	}
	if m, err = m.clean(); err != nil {
		return jobs.GiveUp(err)
	}
	return p.carrier.Carry(ctx, m)
}

// clean returns a message in which nothing can become a header: subject and
// names are one line without control characters, and the address is just one.
// The error does not repeat the address.
func (m Message) clean() (Message, error) {
	m.Subject, m.To.Name = line(m.Subject), line(m.To.Name)
	a, err := mail.ParseAddress(m.To.Email)
	if err != nil || a.Name != "" || a.Address != m.To.Email || line(a.Address) != a.Address {
		return m, fault.New(fault.Invalid, "a letter has an address that is none")
	}
	return m, nil
}

// line returns a text as one line, with no control or formatting characters.
func line(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
