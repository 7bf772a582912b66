package diag

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"strings"
)

// A junitSuite is a page: one test for each rule that has something to say, or
// one test that passed.
type junitSuite struct {
	path   string
	cases  []junitCase
	unread string // why the page could not be read
}

// A junitCase is a rule on a page with its findings, those that fail the run
// apart from those that do not.
type junitCase struct {
	name         string
	failed, told []*Finding
}

// junit writes the report as results of tests, which every CI server shows:
// one suite for each page, one test for each rule with findings there. A test
// fails where a finding fails the run; lesser findings are its output.
func (r *Report) junit(w *bufio.Writer) error {
	suites := r.junitSuites()
	tests, failures := 0, 0
	for i := range suites {
		tests += suites[i].tests()
		failures += suites[i].failures()
	}
	w.WriteString(xml.Header)
	fmt.Fprintf(w, "<testsuites name=\"cadre\" tests=\"%d\" failures=\"%d\" errors=\"%d\">\n", tests, failures, len(r.Unread))
	for i := range suites {
		r.junitSuite(w, &suites[i])
	}
	w.WriteString("</testsuites>\n")
	return nil
}

// junitSuites arranges findings by page and rule: first the pages that
// compiled, with or without findings, then those that could not be read.
func (r *Report) junitSuites() []junitSuite {
	names := r.ruleNames()
	var suites []junitSuite
	at := make(map[string]int, len(r.Pages))
	suite := func(path string) *junitSuite {
		i, ok := at[path]
		if !ok {
			i = len(suites)
			at[path] = i
			suites = append(suites, junitSuite{path: path})
		}
		return &suites[i]
	}
	for _, path := range r.Pages {
		suite(path)
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		name := strings.TrimSpace(string(f.Code) + " " + names[f.Code])
		suite(f.Path).add(name, f, r.fails(f))
	}
	for _, u := range r.Unread {
		suite(u.Path).unread = u.Message
	}
	return suites
}

// add puts a finding to its rule's test.
func (s *junitSuite) add(name string, f *Finding, fails bool) {
	var c *junitCase
	for i := range s.cases {
		if s.cases[i].name == name {
			c = &s.cases[i]
		}
	}
	if c == nil {
		s.cases = append(s.cases, junitCase{name: name})
		c = &s.cases[len(s.cases)-1]
	}
	if fails {
		c.failed = append(c.failed, f)
	} else {
		c.told = append(c.told, f)
	}
}

// tests counts the tests of the page; there is always one.
func (s *junitSuite) tests() int {
	n := len(s.cases)
	if s.unread != "" || n == 0 {
		n++
	}
	return n
}

// failures counts the tests that failed.
func (s *junitSuite) failures() int {
	n := 0
	for i := range s.cases {
		if len(s.cases[i].failed) > 0 {
			n++
		}
	}
	return n
}

func (r *Report) junitSuite(w *bufio.Writer, s *junitSuite) {
	errors := 0
	if s.unread != "" {
		errors = 1
	}
	path := r.name(s.path)
	fmt.Fprintf(w, " <testsuite name=%s tests=\"%d\" failures=\"%d\" errors=\"%d\" skipped=\"0\">\n",
		xmlQuote(path), s.tests(), s.failures(), errors)
	switch {
	case s.unread != "":
		fmt.Fprintf(w, "  <testcase name=\"read\" classname=%s>\n   <error type=\"unread\" message=%s/>\n  </testcase>\n",
			xmlQuote(path), xmlQuote(s.unread))
	case len(s.cases) == 0:
		fmt.Fprintf(w, "  <testcase name=\"no findings\" classname=%s/>\n", xmlQuote(path))
	}
	for i := range s.cases {
		r.junitCase(w, path, &s.cases[i])
	}
	w.WriteString(" </testsuite>\n")
}

func (r *Report) junitCase(w *bufio.Writer, path string, c *junitCase) {
	fmt.Fprintf(w, "  <testcase name=%s classname=%s>\n", xmlQuote(c.name), xmlQuote(path))
	if len(c.failed) > 0 {
		message := c.failed[0].Message
		if more := len(c.failed) - 1; more > 0 {
			message += fmt.Sprintf(" (and %d more)", more)
		}
		fmt.Fprintf(w, "   <failure type=%s message=%s>", xmlQuote(c.failed[0].Severity.String()), xmlQuote(message))
		r.junitLines(w, c.failed)
		w.WriteString("</failure>\n")
	}
	if len(c.told) > 0 {
		w.WriteString("   <system-out>")
		r.junitLines(w, c.told)
		w.WriteString("</system-out>\n")
	}
	w.WriteString("  </testcase>\n")
}

// junitLines writes findings as text between tags.
func (r *Report) junitLines(w *bufio.Writer, fs []*Finding) {
	for _, f := range fs {
		first, _ := shown(f.Place)
		lines := r.explanation(f)
		lines[0] = fmt.Sprintf("%s:%d:%d: %s[%s] %s", r.name(f.Path), first.Line, first.Column, f.Severity, f.Code, lines[0])
		for _, line := range lines {
			w.WriteString(xmlText(line))
			w.WriteByte('\n')
		}
	}
}

// xmlQuote returns text as the value of an attribute.
func xmlQuote(text string) string { return `"` + xmlText(text) + `"` }

// xmlText escapes text. A control character, which XML cannot hold in any
// form, is spelt out.
func xmlText(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(clean(text))) // a Builder takes everything
	return b.String()
}
