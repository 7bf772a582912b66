package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A block is a fenced block of a document.
type block struct {
	language, text string
	line           int
}

// blocks returns the fenced blocks of a document, in order.
func blocks(t *testing.T, path string) []block {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var found []block
	fence := ""
	for i, line := range strings.Split(string(text), "\n") {
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence == "" && len(ticks) >= 3:
			fence = ticks
			found = append(found, block{language: line[len(ticks):], line: i + 1})
		case fence != "" && line == fence:
			fence = ""
		case fence != "":
			found[len(found)-1].text += line + "\n"
		}
	}
	return found
}

// A block that begins with "$ cadre" shows what the command prints to
// somebody at a terminal. A line that is "…" stands for any lines. Blocks in
// which a shell does more than that are not tried.
func TestDocumentsShowRealOutput(t *testing.T) {
	documents, err := filepath.Glob("../docs/language/*.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for _, path := range append(documents, "../README.md", "../CONTRIBUTING.md", "../docs/policy/README.md") {
		for _, b := range blocks(t, path) {
			command, want, _ := strings.Cut(b.text, "\n")
			args, ok := strings.CutPrefix(command, "$ cadre ")
			if !ok || strings.ContainsAny(args, "|>&") {
				continue
			}
			shown++
			got := colourless(terminal(t, strings.Fields(args)))
			if !matches(want, got) {
				t.Errorf("%s:%d: $ cadre %s prints otherwise:\n%s", path, b.line, args, cmp.Diff(want, got))
			}
		}
	}
	if shown == 0 {
		t.Error("no document shows any output")
	}
}

// terminal runs the program as if its output were a terminal.
func terminal(t *testing.T, args []string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], append(args, "--color", "always")...)
	c.Dir = ".."
	c.Env = append(os.Environ(), asProgram+"=1", "XDG_CACHE_HOME="+t.TempDir())
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out)
}

func colourless(text string) string {
	return regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(text, "")
}

// matches reports whether an output is the one that is shown.
func matches(shown, output string) bool {
	shown, output = strings.TrimRight(shown, "\n"), strings.TrimRight(output, "\n")
	parts := strings.Split("\n"+shown+"\n", "\n…\n")
	output = "\n" + output + "\n"
	if len(parts) == 1 {
		return parts[0] == output
	}
	last := len(parts) - 1
	if !strings.HasPrefix(output, parts[0]) {
		return false
	}
	output = output[len(parts[0]):]
	for _, part := range parts[1:last] {
		i := strings.Index("\n"+output, "\n"+strings.TrimPrefix(part, "\n"))
		if i < 0 {
			return false
		}
		output = output[i+len(part):]
	}
	return strings.HasSuffix("\n"+output, "\n"+strings.TrimPrefix(parts[last], "\n"))
}

// The documents about the language show a page, perhaps a cadre.yaml, and then
// a part of what `cadre export` makes of it.
func TestLanguageIsUnderstoodAsDocumented(t *testing.T) {
	documents, err := filepath.Glob("../docs/language/*.md")
	if err != nil || len(documents) == 0 {
		t.Fatalf("no documents about the language: %v", err)
	}
	for _, path := range documents {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".md"), func(t *testing.T) {
			page, config := "", ""
			for _, b := range blocks(t, path) {
				switch b.language {
				case "markdown":
					page, config = b.text, ""
				case "yaml":
					config = b.text
				case "json":
					understood(t, fmt.Sprintf("%s:%d", path, b.line), page, config, b.text)
				}
			}
		})
	}
}

// understood compiles a page and looks for what is wanted in its export.
func understood(t *testing.T, place, page, config, want string) {
	t.Helper()
	folder := t.TempDir()
	if !strings.HasPrefix(page, "---\n") {
		page = "---\ntitle: Crane Driver\n---\n\n" + page
	}
	for name, text := range map[string]string{"page.md": page, "cadre.yaml": config} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _ := cadre(t, "export", filepath.Join(folder, "page.md"))
	var wanted any
	var export struct{ Pages []any }
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	if err := json.Unmarshal(out, &export); err != nil {
		t.Fatal(err)
	}
	if at, ok := within(wanted, export.Pages[0], "page"); !ok {
		t.Errorf("%s: %s", place, at)
	}
}

// within reports whether got has all that want has, and where it has not.
func within(want, got any, at string) (string, bool) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v", at, got), false
		}
		for key, value := range w {
			if at, ok := within(value, g[key], at+"."+key); !ok {
				return at, false
			}
		}
		return "", true
	case []any:
		g, ok := got.([]any)
		if !ok && len(w) > 0 || len(g) != len(w) {
			return fmt.Sprintf("%s has %d values, not %d: %v", at, len(g), len(w), got), false
		}
		for i := range w {
			if at, ok := within(w[i], g[i], fmt.Sprintf("%s[%d]", at, i)); !ok {
				return at, false
			}
		}
		return "", true
	}
	if !reflect.DeepEqual(want, got) {
		return fmt.Sprintf("%s is %v, not %v", at, got, want), false
	}
	return "", true
}
