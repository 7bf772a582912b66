// Command cadre compiles job-family pages. See `cadre help`.
package main

import (
	"os"
	"runtime/debug"

	"github.com/cadre-hq/cadre/internal/cli"
)

func main() {
	// A run is short and forgets a page as soon as it was looked at: to collect
	// when four times as much was made as is held costs a check of a hundred
	// pages 12 MiB more (39 in all) and a tenth of its time less.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	os.Exit(cli.Main())
}
