// Package ui holds the components that pages are made of. Each exists once; the
// living style page at /design shows all of them in all states.
//
// A component is a function that returns a templ.Component. It takes what it
// shows as values, and markup as its children. Small ones take words
// (Status(OK, "Fresh")), larger ones a struct (Table(Columns{…})). Components
// have no opinion about the organisation: a page gives them words and addresses.
//
// What a component needs of the request, such as the reader's time zone or a
// fresh key for a form, comes from the Frame in the context. Package web puts it
// there; without one there are safe defaults.
//
// Looks are those of the style sheet in package static: block, block__part,
// block--kind. There is no style attribute anywhere, for the content policy
// forbids them.
package ui

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/web/form"
)

// A Frame is what components need of the request, and what the frame of the page
// shows besides the page itself.
type Frame struct {
	Organisation string
	Rooms        []Room // the rail
	Account      Account
	Toasts       []Toast
	Search       string // where the search box leads; "" for no box
	Suggest      string // a page with a Part "suggestions" of links, asked while somebody types; "" for none
	Foot         []Link // below the rail
	URL          *url.URL
	Now          time.Time
	Zone         *time.Location // of the reader
	Key          func() string  // makes a fresh key for a form
}

// A Room is an entry of the rail. It is current if the address of the page is
// the room's, or lies below it.
type Room struct {
	Label string
	Href  string
	Icon  IconName
	// Below are addresses that belong to the room besides its own.
	Below []string
	// Count is how many things need the reader; 0 shows nothing.
	Count int
}

// An Account is the reader who is signed in. Without a name nobody is.
type Account struct {
	Name string
	Line string // what they are, such as a role
	Menu []Link // the pages of their account
	// SignOut is where the form that signs out is sent.
	SignOut string
}

// A Link is words that lead somewhere.
type Link struct {
	Label string
	Href  string
	Icon  IconName
}

// A Toast says what was just done.
type Toast struct {
	Text string
	// Undo is where a form that takes it back is sent; "" if it cannot be.
	Undo string `json:",omitempty"`
	// Link leads to the thing, if it is another page.
	Link *Link `json:",omitempty"`
}

type frameKey struct{}

// With returns a context in which components are shown in a frame.
func With(ctx context.Context, f *Frame) context.Context {
	return context.WithValue(ctx, frameKey{}, f)
}

// From returns the frame of a context. Without one it is an empty frame in UTC
// at the zero time.
func From(ctx context.Context) *Frame {
	if f, ok := ctx.Value(frameKey{}).(*Frame); ok {
		return f
	}
	return &Frame{URL: &url.URL{Path: "/"}, Zone: time.UTC}
}

func (f *Frame) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

// is reports whether a page of the frame's address lies in a room.
func (r Room) is(u *url.URL) bool {
	if u == nil {
		return false
	}
	for _, place := range append([]string{r.Href}, r.Below...) {
		if u.Path == place || place != "/" && strings.HasPrefix(u.Path, strings.TrimSuffix(place, "/")+"/") {
			return true
		}
	}
	return false
}

// way returns the path that leads to a page: from its room, even where the page
// does not know in which one it lies.
func (f *Frame) way(path []Link) []Link {
	for _, r := range f.Rooms {
		known := slices.ContainsFunc(path, func(l Link) bool { return l.Href == r.Href })
		if r.is(f.URL) && f.URL.Path != r.Href && !known {
			return append([]Link{{Label: r.Label, Href: r.Href}}, path...)
		}
	}
	return path
}

// Address returns an address with some parameters of its query set, in pairs of
// name and value; an empty value takes the parameter away. The address itself
// stays as it is.
func Address(u *url.URL, pairs ...string) string {
	next := url.URL{Path: u.Path}
	q := u.Query()
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			q.Del(pairs[i])
		} else {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	next.RawQuery = q.Encode()
	return next.RequestURI()
}

// A State says how something is. Each has an icon of its own, so that it never
// shows by colour alone; a word always stands beside it.
type State string

// The states.
const (
	Plain   State = ""     // nothing to say: draft, none
	OK      State = "ok"   // fine
	Warn    State = "warn" // needs attention
	Bad     State = "bad"  // a problem
	Current State = "now"  // what is so today, or chosen
	Unknown State = "none" // no data
	Locked  State = "lock" // closed for the reader
)

func (s State) icon() IconName {
	switch s {
	case OK:
		return IconOK
	case Warn:
		return IconWarn
	case Bad:
		return IconBad
	case Current:
		return IconClock
	case Locked:
		return IconLock
	case Plain, Unknown:
	}
	return IconUnknown
}

// kind returns the class of a block in a state.
func (s State) kind(block string) string {
	if s == Plain {
		return block
	}
	return block + " " + block + "--" + string(s)
}

// initials returns the letters by which an avatar names somebody.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "–"
	}
	letters := []rune{[]rune(words[0])[0]}
	if len(words) > 1 {
		letters = append(letters, []rune(words[len(words)-1])[0])
	}
	return strings.ToUpper(string(letters))
}

// fieldsWrong returns the errors of a form for its summary.
func fieldsWrong(f *form.Form) []form.Error {
	if f == nil {
		return nil
	}
	return f.Errors
}
