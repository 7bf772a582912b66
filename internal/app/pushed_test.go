package app

import (
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A push says what came of it, the bad news in the colour of such.
func TestPushesAreToldOf(t *testing.T) {
	for outcome, want := range map[string]struct {
		state ui.State
		text  string
	}{
		"":          {ui.Current, "waits"},
		"published": {ui.OK, "became release 7"},
		"unchanged": {ui.OK, "changed nothing"},
		"refused":   {ui.Bad, "refused for 1 error"},
		"failed":    {ui.Bad, "could not be published"},
	} {
		at := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
		f := pushed(&catalog.Delivery{At: at, Outcome: outcome, Release: 7, Blocking: 1})
		if f.State != want.state || !strings.Contains(f.Text, want.text) || f.At != at {
			t.Errorf("%q: %+v", outcome, f)
		}
	}
}
