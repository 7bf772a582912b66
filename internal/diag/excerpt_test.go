package diag

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// Below each line stand the carets, under the text between the brackets.
func TestExcerpt(t *testing.T) {
	for _, c := range []struct {
		name, line    string // brackets enclose the span
		width         int
		shown, carets string
	}{
		{"words", "Reports to the [Head of Quays].", 60, "Reports to the Head of Quays.", "               ^^^^^^^^^^^^^"},
		{"nothing", "Reports to[] the Head", 60, "Reports to the Head", "          ^"},
		{"end of line", "ends here[]", 60, "ends here", "         ^"},
		{"tabs", "\ta\t[b]", 60, "    a   b", "        ^"},
		{"wide letters", "漢[字]x", 60, "漢字x", "  ^^"},
		{"an accent of its own", "e\u0301[e\u0301]e", 60, "e\u0301e\u0301e", " ^"},
		{"a no-break blank", "a\u00a0[b]", 60, "a b", "  ^"},
		{"a zero-width blank", "a[\u200b]b", 60, "a·b", " ^"},
		{"a control character", "a\x1b[[31m]", 60, "a·[31m", "   ^^^"},
		{"turned direction", "a[\u202e]b", 60, "a·b", " ^"},
		{"beginning of a long line", "[The] quay is longer than the screen", 20, "The quay is longer …", "^^^"},
		{"middle of a long line", "The quay is longer than the [screen] is wide, by far", 20, "…n the screen is wi…", "       ^^^^^^"},
		{"end of a long line", "The quay is longer than the [screen]", 20, "…ger than the screen", "              ^^^^^^"},
		{"behind a long line", "The quay is longer than the screen[]", 20, "…ger than the screen", "                    ^"},
		{"a span that is longer than the screen", "The [quay is longer than the screen is] wide", 20, "The quay is longer …", "    ^^^^^^^^^^^^^^^"},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := strings.LastIndex(c.line[:strings.Index(c.line, "]")], "[")
			end := strings.Index(c.line, "]") - 1
			line := c.line[:start] + c.line[start+1:end+1] + c.line[end+2:]
			shown, carets := excerpt(line, start, end, c.width)
			if shown != c.shown || carets != c.carets {
				t.Errorf("got\n%q\n%q\nwant\n%q\n%q", shown, carets, c.shown, c.carets)
			}
		})
	}
}

// Whatever a line holds, the excerpt has a caret, fits the screen and cannot
// steer a terminal.
func FuzzExcerpt(f *testing.F) {
	f.Add("\tThe 漢字 e\u0301 \u202e\x1b[0m quay", 3, 9, 20)
	f.Fuzz(func(t *testing.T, line string, start, end, width int) {
		if strings.ContainsAny(line, "\n\r") || start < 0 || start > len(line) {
			t.Skip()
		}
		width = max(20, min(width, 200))
		shown, carets := excerpt(line, start, end, width)
		if !strings.Contains(carets, "^") {
			t.Errorf("no caret below %q", shown)
		}
		if w := uniseg.StringWidth(shown); w > width {
			t.Errorf("%q is %d columns wide, more than %d", shown, w, width)
		}
		if strings.ContainsFunc(shown, unsafeRune) {
			t.Errorf("%q holds a control character", shown)
		}
	})
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain – Ü":         "plain – Ü",
		"two\nlines\tand\r": "two lines and ",
		"\x1b[31mred\x7f":   `\x1b[31mred\x7f`,
		"\u202eturned":      `\u202eturned`,
		"a\u2028b\u0085":    `a\u2028b\u0085`,
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestURI(t *testing.T) {
	for path, want := range map[string]string{
		"roles/a.md":         "roles/a.md",
		"roles/a b#?.md":     "roles/a%20b%23%3F.md",
		"100%/Ü.md":          "100%25/%C3%9C.md",
		"a:b.md":             "a%3Ab.md",
		"../a.md":            "../a.md",
		"/srv/a b.md":        "file:///srv/a%20b.md",
		"C:/srv/a.md":        "file:///C:/srv/a.md",
		"//server/share/a":   "file://server/share/a",
		`one\name.md`:        "one%5Cname.md",
		"bad\xffbyte\x00.md": "bad%FFbyte%00.md",
	} {
		if got := uri(path); got != want {
			t.Errorf("uri(%q) = %q, want %q", path, got, want)
		}
	}
}
