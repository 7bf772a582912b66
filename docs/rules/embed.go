// Package rules holds the page of each lint rule: why it is, what is bad, what
// is good, how to configure it. The same text is shown by `cadre explain`, in
// reports and in editors.
package rules

import "embed"

//go:embed *.md
var files embed.FS

// Page returns the page of the rule with a code, as Markdown, and false if
// there is none.
func Page(code string) (string, bool) {
	text, err := files.ReadFile(code + ".md")
	return string(text), err == nil
}
