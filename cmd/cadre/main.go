// Command cadre compiles job-family pages. See `cadre help`.
package main

import (
	"os"
	"runtime/debug"

	"github.com/cadre-hq/cadre/internal/cli"
)

func main() {
	// A run is short and forgets a page as soon as it was looked at, so it
	// collects memory when six times as much was made as is held. A check of a
	// hundred pages ends before that, with a dozen MiB more in use and up to a
	// tenth of its time less, most of it where processors are busy.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(600)
	}
	os.Exit(cli.Main())
}
