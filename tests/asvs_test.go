package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asvs lists the requirements of levels 1 and 2 of the OWASP Application
// Security Verification Standard 5.0.0, 253 of them: for each section the last
// number. Those of level 3 come behind, in every section.
var asvs = map[string]int{
	"1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2,
	"2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
	"3.2": 2, "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2,
	"4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4,
	"5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
	"6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4,
	"7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2,
	"8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1,
	"9.1": 3, "9.2": 4,
	"10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3,
	"11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
	"12.1": 3, "12.2": 2, "12.3": 4,
	"13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5,
	"14.1": 2, "14.2": 4, "14.3": 3,
	"15.1": 3, "15.2": 3, "15.3": 7,
	"16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
	"17.1": 1, "17.2": 4, "17.3": 2,
}

// The page about ASVS has each requirement once, with a verdict, and names only
// tests that there are.
func TestASVS(t *testing.T) {
	text, err := os.ReadFile("../docs/operations/asvs.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]int{}
	for _, row := range regexp.MustCompile(`(?m)^\| ([\d., ]+) \| ([a-z/ ]+) \| (.+) \|$`).FindAllStringSubmatch(string(text), -1) {
		for _, id := range strings.Split(row[1], ", ") {
			said[id]++
		}
		if !slices.Contains([]string{"met", "in part", "not met", "operator", "n/a"}, row[2]) {
			t.Errorf("%s is %q", row[1], row[2])
		}
	}
	wanted := 0
	for section, last := range asvs {
		for n := 1; n <= last; n++ {
			wanted++
			if id := fmt.Sprintf("%s.%d", section, n); said[id] != 1 {
				t.Errorf("the page speaks of %s %d times", id, said[id])
			}
		}
	}
	if wanted != 253 {
		t.Errorf("there are %d requirements", wanted)
	}
	if len(said) != wanted {
		t.Errorf("the page speaks of %d requirements, and there are %d", len(said), wanted)
	}
	there := testNames(t)
	for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(string(text), -1) {
		if !there[name[1]] {
			t.Errorf("the page names %s, which is not there", name[1])
		}
	}
}

// testNames returns the names of all tests of the project.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	err := filepath.WalkDir("..", func(path string, e os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "node_modules" || strings.HasPrefix(e.Name(), ".") && len(e.Name()) > 2):
			return filepath.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range declared.FindAllSubmatch(text, -1) {
			names[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
