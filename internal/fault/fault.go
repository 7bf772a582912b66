// Package fault sorts errors by what the caller can do about them.
//
// An error says that running went wrong; what is wrong with a page is a
// finding (package diag), and the two never mix. Errors are made where the
// knowledge is, with a kind; wrapped on their way with what was being done;
// and turned into an exit code or an HTTP status at the edge, by the one table
// of this package. An error without a kind is Internal.
package fault

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// A Kind says what the caller can do about an error.
type Kind int

// The kinds. The zero value is what nobody sorted.
const (
	Internal        Kind = iota // a defect of the program or its surroundings
	Invalid                     // the input is wrong: change it
	NotFound                    // what was named does not exist
	Conflict                    // it does not fit the present state: look again
	Forbidden                   // the caller may not
	Unauthenticated             // the caller must say who they are
	Busy                        // try again later
)

// kinds is the one table from kinds to the outside. Exit code 1 is kept for
// findings, so every fault of a command is 2.
var kinds = [...]struct {
	word   string
	status int
	exit   int
}{
	Internal:        {"internal", http.StatusInternalServerError, 2},
	Invalid:         {"invalid", http.StatusUnprocessableEntity, 2},
	NotFound:        {"not found", http.StatusNotFound, 2},
	Conflict:        {"conflict", http.StatusConflict, 2},
	Forbidden:       {"forbidden", http.StatusForbidden, 2},
	Unauthenticated: {"unauthenticated", http.StatusUnauthorized, 2},
	Busy:            {"busy", http.StatusServiceUnavailable, 2},
}

// String returns the kind as a word.
func (k Kind) String() string { return kinds[k].word }

// HTTPStatus returns the status code with which a server answers.
func (k Kind) HTTPStatus() int { return kinds[k].status }

// ExitCode returns the code with which a command ends.
func (k Kind) ExitCode() int { return kinds[k].exit }

// fault is an error with a kind.
type fault struct {
	kind Kind
	err  error
	wait time.Duration // how long it is Busy; 0 if that is not known
}

// New returns an error of a kind. The format is that of fmt.Errorf, %w
// included.
func New(kind Kind, format string, args ...any) error {
	return &fault{kind: kind, err: fmt.Errorf(format, args...)}
}

// Later returns a Busy fault that knows when to try again.
func Later(wait time.Duration, format string, args ...any) error {
	return &fault{Busy, fmt.Errorf(format, args...), wait}
}

// moment is how long to wait where nobody knows better.
const moment = 2 * time.Second

// WaitOf returns how long the caller should wait before they try again.
func WaitOf(err error) time.Duration {
	if f, ok := errors.AsType[*fault](err); ok && f.wait > 0 {
		return f.wait
	}
	return moment
}

// RetryAfter returns a wait as the header of that name has it: in whole
// seconds, rounded up.
func RetryAfter(wait time.Duration) string {
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// Error returns the message.
func (f *fault) Error() string { return f.err.Error() }

// Unwrap returns what the message was made from.
func (f *fault) Unwrap() error { return f.err }

// KindOf returns the kind of the outermost fault in the chain of err, or
// Internal if there is none.
func KindOf(err error) Kind {
	if f, ok := errors.AsType[*fault](err); ok {
		return f.kind
	}
	return Internal
}
