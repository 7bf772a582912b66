// Package inbox is the list of what needs a person: what they should decide,
// write or look at, in whichever room that is.
//
// The inbox owns no facts. Each room registers a Source, which is asked whenever
// somebody looks; what was done is gone from the list by itself. A Todo says in
// one sentence what is to be done, leads to the page where it is done, and
// quotes the line of a page or a policy pack that causes it. A source that
// fails, or takes too long, does not hide the others: the list says that it is
// missing.
//
// A todo waits for the reader, or for somebody of whom the reader is waiting
// (Todo.Who). The reader may put off what waits for them until a day (Snooze),
// which is all that the inbox keeps.
//
// A token with the scope inbox:read reads the inbox of its owner as the owner
// would, whatever rooms it is good for: sources never see the token.
package inbox

import (
	"context"
	_ "embed"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/store"
)

//go:embed policies.cedar
var policies []byte

// Room returns the policies of the inbox.
func Room() auth.Room { return auth.Room{Name: "inbox", Policies: policies} }

// The actions.
const (
	ReadTodo   auth.Action = "inbox.todo.read"
	SnoozeTodo auth.Action = "inbox.todo.snooze"
)

// Tables lists what the inbox keeps.
func Tables() []string { return []string{"inbox_snooze"} }

// Personal is what the inbox holds of people: what somebody did not want to see
// yet. It goes with them.
var Personal = erasure.Tables{{
	Name: "inbox_snooze", Person: "principal", Personal: []string{"key", "until_day"},
	Free: erasure.Reasons{"principal": erasure.AnID},
}}

// A Source is a room that knows of things to do.
type Source struct {
	// Room begins the keys of its todos, as in NewKey: "hiring".
	Room string
	// Label is how people call it: "Hiring".
	Label string
	// Todos returns what waits for an actor, and what they wait for others to
	// do. Whoever may see nothing gets nothing: it answers for what the actor
	// may know, and is asked as if they had signed in. It is asked on nearly
	// every page, for the number in the rail, so it is one fast query or two. It
	// stops when the context ends.
	Todos func(ctx context.Context, by auth.Actor, now time.Time) ([]Todo, error)
}

// A Service brings together what all sources know. It may be used by many
// goroutines.
type Service struct {
	db      *store.DB
	auth    *auth.Authority
	journal *audit.Journal
	clock   func() time.Time
	log     *slog.Logger
	sources []Source

	mu     sync.Mutex
	counts map[auth.PrincipalID]count
}

// New returns the inbox over some sources. Where rooms tell of the same
// urgency, the order is that of the keys, not of the sources.
func New(db *store.DB, a *auth.Authority, j *audit.Journal, clock func() time.Time, log *slog.Logger, sources ...Source) *Service {
	return &Service{db: db, auth: a, journal: j, clock: clock, log: log, sources: sources, counts: map[auth.PrincipalID]count{}}
}

// box is the inbox of an actor, as a thing.
func box(by auth.Actor) auth.Entity {
	return auth.Entity{Kind: "inbox", ID: string(by.ID), Attributes: map[string]any{"owner": by.ID}}
}

// A Key names a todo as long as it is the same one, so that it can be put off.
type Key string

// longestKey is the length of the longest key in bytes.
const longestKey = 200

// NewKey returns the key of a todo: its room, what kind of thing is to be done,
// and the id of the thing, such as "hiring:scorecard:4711". What comes anew,
// such as next month's review, is another thing. The key stands in addresses and
// in the journal, so it is of ids: ASCII without blanks, "/" and "@".
func NewKey(room, kind, thing string) Key { return Key(room + ":" + kind + ":" + thing) }

// Room returns the room of a key.
func (k Key) Room() string {
	room, _, _ := strings.Cut(string(k), ":")
	return room
}

// isValid reports whether a key can stand in an address and in the journal.
func (k Key) isValid() bool {
	return strings.Count(string(k), ":") >= 2 && len(k) <= longestKey &&
		!strings.ContainsFunc(string(k), func(r rune) bool { return r <= ' ' || r > '~' || r == '/' || r == '@' })
}
