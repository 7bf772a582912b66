package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
)

// Everything that is wrong is said at once, in the order of the file.
func TestValidate(t *testing.T) {
	c := load(t, `use: [default, CAD4O1]
except: styel
severities:
  CAD205: fatal
  empty-link: warning
  no-such-rule-at-all: error
ignore: ["a[", 'b\c']
ignore_only:
  CAD101: ["x["]
waivers:
- code: CAD101
  path: a.md
- reason: " "
  until: next year
fail_on: errors
dialect: markdown
policy: 2022-10
mandatory:
  pattern: "(a"
headings:
  Duties: responsibility
aliases:
  Lead: ""
site:
  base: jobs/
  hosts: https://a.example
  redirects: [a]
  anchors:
    x/: y
hierarchy:
  stages: data
  sections: data/none.yml
max_page_bytes: -1
`)
	err := c.Validate(known)
	if fault.KindOf(err) != fault.Invalid || err == nil {
		t.Fatalf("got %v", err)
	}
	want := strings.Split(`cadre.yaml:1:16: use names the unknown rule "CAD4O1"; did you mean "CAD401"?
cadre.yaml:2:9: except names the unknown rule "styel"; did you mean "style"?
cadre.yaml:4:3: severities.CAD205 cannot be "fatal": use error, warning, info or off
cadre.yaml:5:3: severities names the rule CAD205 twice, by its code and as "empty-link"
cadre.yaml:6:3: severities names the unknown rule "no-such-rule-at-all"; `+"`cadre rules`"+` lists them
cadre.yaml:7:10: the pattern "a[" cannot be read: a [ has no ]
cadre.yaml:7:16: the pattern "b\\c" has a backslash; paths are written with /
cadre.yaml:9:12: the pattern "x[" cannot be read: a [ has no ]
cadre.yaml:11:3: the waiver gives no reason
cadre.yaml:13:3: the waiver names no rule: give its code
cadre.yaml:13:3: the waiver names no page: give its path
cadre.yaml:13:3: the waiver gives no reason
cadre.yaml:14:3: the last day of the waiver is not a date such as 2026-12-31, but "next year"
cadre.yaml:15:1: fail_on cannot be "errors"; did you mean "error"?
cadre.yaml:16:1: dialect cannot be "markdown": use gfm, kramdown, gitlab or hugo
cadre.yaml:17:1: there is no policy pack "2022-10"; did you mean "2022-09"?
cadre.yaml:19:3: mandatory.pattern is no regular expression: missing closing ): `+"`(a`"+`
cadre.yaml:19:3: mandatory.pattern stands without mandatory.text, by which findings quote the requirement
cadre.yaml:21:3: headings.Duties cannot be "responsibility"; did you mean "responsibilities"?
cadre.yaml:23:3: the alias "Lead" stands for no level
cadre.yaml:25:3: site.base is a path on the site and begins with /, not "jobs/"
cadre.yaml:26:10: "https://a.example" is no host; write it without https:// and without a path
cadre.yaml:27:3: site.redirects must be the path of a file, or paths of the site with those that they lead to
cadre.yaml:29:5: site.anchors are listed by paths on the site, which begin with /, not "x/"
cadre.yaml:31:3: hierarchy.stages: data is a folder, not a file
cadre.yaml:32:3: hierarchy.sections: there is no file data/none.yml
cadre.yaml:33:1: max_page_bytes is less than nothing: -1`, "\n")
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// A wrong value from elsewhere is said with its origin.
func TestValidateOrigins(t *testing.T) {
	tree(t, nil)
	c, err := Load(Options{Environ: []string{"CADRE_FAIL_ON=never"}, Flags: []Flag{{"--except", "except", []string{"x", "y"}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := "--except: except names the unknown rule \"x\"; `cadre rules` lists them\n" +
		"--except: except names the unknown rule \"y\"; `cadre rules` lists them\n" +
		`CADRE_FAIL_ON: fail_on cannot be "never": use error, warning, info or off`
	if err := c.Validate(known); err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}

func TestDefaultsAreValid(t *testing.T) {
	if err := load(t, "").Validate(known); err != nil {
		t.Error(err)
	}
	if err := new(Config).Validate(known); err != nil {
		t.Errorf("the zero value: %v", err)
	}
}

func TestSeverityWords(t *testing.T) {
	for _, word := range severityWords {
		if _, err := diag.ParseSeverity(word); err != nil {
			t.Error(err)
		}
	}
}

// Without a pattern the text is found in any case and with any blanks, and what
// means something in an expression stands for itself.
func TestMandatoryRegexp(t *testing.T) {
	for _, c := range []struct {
		m           Mandatory
		finds, pass string
	}{
		{Mandatory{Text: "Works with C++  (daily)"}, "works with\nC++ (Daily)", "works with C"},
		{Mandatory{Text: "x", Pattern: "a|b"}, "b", "x"},
	} {
		re, err := c.m.Regexp()
		if err != nil {
			t.Fatal(err)
		}
		if !re.MatchString(c.finds) || re.MatchString(c.pass) {
			t.Errorf("%+v: %s finds %q: %t, and %q: %t", c.m, re, c.finds, re.MatchString(c.finds), c.pass, re.MatchString(c.pass))
		}
	}
	if re, err := (&Mandatory{Text: "  "}).Regexp(); re != nil || err != nil {
		t.Errorf("nothing gives %v, %v", re, err)
	}
}

func TestRuleHint(t *testing.T) {
	known := []string{"CAD109", "CAD205", "missing-grade"}
	for word, want := range map[string]string{
		"mising-grade": `; did you mean "missing-grade"?`,
		"cad205":       `; did you mean "CAD205"?`,
		"CAD25":        `; did you mean "CAD205"?`,
		"CAD999":       "; `cadre rules` lists them",
		"spelling":     "; `cadre rules` lists them",
	} {
		if got := RuleHint(word, known); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
}
