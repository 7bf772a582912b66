// Package script tells stories of people who use the program from the command
// line. Each .txtar file is a story: what somebody does, step by step, and what
// the program prints and which exit code it gives.
//
// The stories run the program as a process of its own. Besides the commands of
// testscript there are
//
//	exits CODE PROGRAM [ARG…]   runs a program, which must exit with CODE
//	empty stdout|stderr         the last program printed nothing there
//	edit FILE OLD NEW           replaces the only OLD in FILE; \n is a line end
//	bytes FILE HEX…             writes a file of these bytes
//	big FILE MIB                writes a page of that size
//	same FILE FILE…             all files are byte for byte the same
//	list FILE REGEXP            prints the first group of each match, one on a line
//	journal FILE N…             makes a database with a journal of N entries for each run of a server
//	tamper FILE SQL             changes a database behind the back of the program
package script

import (
	"bytes"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cadre-hq/cadre/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"cadre": func() { os.Exit(cli.Main()) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               surroundings,
		Condition:           condition,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "empty": empty, "edit": edit, "bytes": writeBytes, "big": big, "same": same, "list": list,
			"journal": writeJournal, "tamper": tamper,
		},
	})
}

// surroundings are those of somebody whose settings say nothing.
func surroundings(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, ".home")
	if err := os.MkdirAll(home, 0o755); err != nil {
		return err
	}
	for name, value := range map[string]string{
		"HOME": home, "XDG_CACHE_HOME": filepath.Join(home, "cache"), "NO_COLOR": "", "TERM": "xterm",
		"GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": filepath.Dir(e.WorkDir), "GIT_ALLOW_PROTOCOL": "file",
		"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@meridian.example", "GIT_AUTHOR_DATE": "2022-09-21T12:00:00Z",
		"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@meridian.example", "GIT_COMMITTER_DATE": "2022-09-21T12:00:00Z",
	} {
		e.Setenv(name, value)
	}
	return nil
}

// condition knows [root], who may read every file.
func condition(name string) (bool, error) {
	if name == "root" {
		return os.Geteuid() == 0, nil
	}
	return false, errors.New("unknown condition " + name)
}

// usage stops the story if a command is written in another way.
func usage(ts *testscript.TestScript, ok bool, how string) {
	if !ok {
		ts.Fatalf("usage: %s", how)
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 1, "exits CODE PROGRAM [ARG…]")
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func empty(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 1, "empty stdout|stderr")
	if text := ts.ReadFile(args[0]); text != "" {
		ts.Fatalf("%s is not empty", args[0])
	}
}

func edit(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 3, "edit FILE OLD NEW")
	lines := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t")
	before, after := lines.Replace(args[1]), lines.Replace(args[2])
	text := ts.ReadFile(args[0])
	if n := strings.Count(text, before); n != 1 {
		ts.Fatalf("%s holds %q %d times", args[0], before, n)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(text, before, after, 1)), 0o644))
}

func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 1, "bytes FILE HEX…")
	text, err := hex.DecodeString(strings.Join(args[1:], ""))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}

func big(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "big FILE MIB")
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("cranes\n\n"), n<<20/8), 0o644))
}

func same(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 1, "same FILE FILE…")
	first := ts.ReadFile(args[0])
	for _, other := range args[1:] {
		if ts.ReadFile(other) != first {
			ts.Fatalf("%s and %s differ", args[0], other)
		}
	}
}

func list(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "list FILE REGEXP")
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	found := pattern.FindAllStringSubmatch(ts.ReadFile(args[0]), -1)
	if len(found) == 0 {
		ts.Fatalf("%s does not match %s", args[0], args[1])
	}
	for _, m := range found {
		_, err := ts.Stdout().Write([]byte(m[1] + "\n"))
		ts.Check(err)
	}
}
