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
	// hundred pages takes 12 MiB more for that (39 in all), and some of its time
	// less: a tenth with busy processors, next to nothing on an idle machine.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(cli.Main())
}
