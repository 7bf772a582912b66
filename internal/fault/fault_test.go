package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

func TestKindSurvivesWrapping(t *testing.T) {
	err := fmt.Errorf("load handbook: %w", New(NotFound, "no page %q: %w", "a.md", io.EOF))
	if got := KindOf(err); got != NotFound {
		t.Errorf("kind = %v, want %v", got, NotFound)
	}
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
	if want := `load handbook: no page "a.md": EOF`; err.Error() != want {
		t.Errorf("message = %q, want %q", err, want)
	}
}

func TestUnsortedIsInternal(t *testing.T) {
	if got := KindOf(io.EOF); got != Internal {
		t.Errorf("kind = %v, want %v", got, Internal)
	}
}

func TestEveryKindHasARow(t *testing.T) {
	for k := Internal; k <= Busy; k++ {
		if k.String() == "" || k.HTTPStatus() < 400 || k.ExitCode() != 2 {
			t.Errorf("kind %d: %q, status %d, exit %d", k, k, k.HTTPStatus(), k.ExitCode())
		}
	}
}

func TestHowLongToWait(t *testing.T) {
	known := fmt.Errorf("sign in: %w", Later(90*time.Second+1, "there were too many tries"))
	if got := RetryAfter(WaitOf(known)); KindOf(known) != Busy || got != "91" {
		t.Errorf("%v, wait %s", KindOf(known), got)
	}
	if got := RetryAfter(WaitOf(New(Busy, "the harbour is full"))); got != "2" {
		t.Errorf("where nobody knows: %s", got)
	}
}
