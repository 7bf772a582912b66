// Command cadre compiles job-family pages. See `cadre help`.
package main

import (
	"os"
	"runtime/debug"

	"github.com/cadre-hq/cadre/internal/cli"
)

func main() {
	// A run is short and forgets a page as soon as it was looked at, so it
	// collects memory when four times as much was made as is held. A check of a
	// hundred pages takes a dozen MiB more for that, and up to a tenth of its time
	// less, most of it where processors are busy.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(cli.Main())
}
