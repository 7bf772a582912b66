// Command cadre compiles job-family pages. See `cadre help`.
package main

import (
	"os"

	"github.com/cadre-hq/cadre/internal/cli"
)

func main() {
	os.Exit(cli.Main())
}
