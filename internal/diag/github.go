package diag

import (
	"bufio"
	"fmt"
	"strings"
)

// githubLevels maps severities to the commands of GitHub Actions.
var githubLevels = map[Severity]string{Error: "error", Warning: "warning", Info: "notice"}

// github writes workflow commands, one on a line, which GitHub Actions shows
// as annotations of the changed files.
func (r *Report) github(w *bufio.Writer) error {
	names := r.ruleNames()
	for i := range r.Findings {
		f := &r.Findings[i]
		title := strings.TrimSpace(string(f.Code) + " " + names[f.Code])
		fmt.Fprintf(w, "::%s file=%s%s,title=%s::%s\n",
			githubLevels[f.Severity], githubProperty(r.name(f.Path)), githubPlace(f.Place),
			githubProperty(title), githubLines(r.explanation(f)...))
	}
	for _, u := range r.Unread {
		fmt.Fprintf(w, "::error file=%s,title=unread::%s\n", githubProperty(r.name(u.Path)), githubLines(u.Message))
	}
	return nil
}

// githubPlace returns the properties of a place. GitHub takes columns only for
// a place on one line.
func githubPlace(p Place) string {
	first, last := shown(p)
	if first.Line != last.Line {
		return fmt.Sprintf(",line=%d,endLine=%d", first.Line, last.Line)
	}
	return fmt.Sprintf(",line=%d,endLine=%d,col=%d,endColumn=%d", first.Line, last.Line, first.Column, last.Column)
}

// explanation returns what a finding says as lines: the message, the hint and
// the related places.
func (r *Report) explanation(f *Finding) []string {
	lines := []string{f.Message}
	if f.Hint != "" {
		lines = append(lines, "Help: "+f.Hint)
	}
	for _, rel := range f.Related {
		first, _ := shown(rel.Place)
		lines = append(lines, fmt.Sprintf("See %s:%d:%d %s", r.name(rel.Path), first.Line, first.Column, rel.Message))
	}
	return lines
}

// githubLines escapes lines as the message of a workflow command.
func githubLines(lines ...string) string {
	escaped := make([]string, len(lines))
	for i, line := range lines {
		escaped[i] = strings.ReplaceAll(clean(line), "%", "%25")
	}
	return strings.Join(escaped, "%0A")
}

// githubProperty escapes the value of a property of a workflow command.
func githubProperty(value string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(value)
}
