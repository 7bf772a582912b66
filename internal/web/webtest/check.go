package webtest

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/cadre-hq/cadre/internal/idempotency"
)

// Check says what is wrong with a page, or a part of one: markup that is not
// well-formed, ids that are there twice, references that lead nowhere, fields
// without labels, pictures and buttons without names, forms without a key, and
// what the content policy forbids.
func Check(page string) []string {
	wrong := checkTags(page)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return append(wrong, err.Error())
	}
	c := checker{ids: map[string]int{}, labelled: map[string]bool{}, wrong: wrong, whole: strings.HasPrefix(strings.ToLower(page), "<!doctype")}
	for n := range elements(root) {
		if id := attribute(n, "id"); id != "" {
			c.ids[id]++
		}
		if n.Data == "label" {
			c.labelled[attribute(n, "for")] = true
		}
	}
	for id, n := range c.ids {
		if n > 1 {
			c.say("the id %q is there %d times", id, n)
		}
	}
	for n := range elements(root) {
		c.element(n)
	}
	if c.whole && c.headings != 1 {
		c.say("there are %d headings h1, want 1", c.headings)
	}
	slices.Sort(c.wrong)
	return slices.Compact(c.wrong)
}

type checker struct {
	ids      map[string]int
	labelled map[string]bool
	wrong    []string
	whole    bool // a page, not a part of one
	headings int
}

func (c *checker) say(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *checker) element(n *html.Node) {
	c.forbidden(n)
	c.references(n)
	switch n.Data {
	case "h1":
		c.headings++
	case "html":
		if c.whole && attribute(n, "lang") == "" {
			c.say("the page does not name its language")
		}
	case "input", "select", "textarea":
		c.field(n)
	case "button", "a":
		if textOf(n) == "" && attribute(n, "aria-label") == "" {
			c.say("a %s has no name: %v", n.Data, n.Attr)
		}
		if n.Data == "a" && !has(n, "href") {
			c.say("the link %q leads nowhere", textOf(n))
		}
	case "img":
		if !has(n, "alt") {
			c.say("a picture has no words")
		}
	case "svg":
		if attribute(n, "aria-hidden") != "true" && attribute(n, "role") != "img" && attribute(n, "role") != "group" {
			c.say("a drawing is neither hidden nor named")
		}
	case "form":
		c.form(n)
	}
}

// forbidden finds what the content policy would not let take effect.
func (c *checker) forbidden(n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "style":
			c.say("a %s has a style attribute", n.Data)
		case strings.HasPrefix(a.Key, "on"), strings.HasPrefix(a.Key, "hx-on"):
			c.say("a %s has a script in %s", n.Data, a.Key)
		case (a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
			c.say("a %s has a script in %s", n.Data, a.Key)
		case strings.Contains(a.Val, "TemplFailedSanitization"):
			c.say("the %s of a %s is no address that may be used", a.Key, n.Data)
		}
	}
	if n.Data == "style" || n.Data == "script" && !has(n, "src") {
		c.say("a %s stands inside of the page", n.Data)
	}
}

func (c *checker) references(n *html.Node) {
	for _, key := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls", "popovertarget", "data-dialog", "list", "form"} {
		for id := range strings.FieldsSeq(attribute(n, key)) {
			if c.ids[id] == 0 {
				c.say("%s of a %s names %q, which is not there", key, n.Data, id)
			}
		}
	}
	if to := attribute(n, "href"); len(to) > 1 && to[0] == '#' && c.ids[to[1:]] == 0 {
		c.say("a link leads to %s, which is not there", to)
	}
}

func (c *checker) field(n *html.Node) {
	if kind := attribute(n, "type"); kind == "hidden" || kind == "submit" {
		return
	}
	for above := range n.Ancestors() {
		if above.Data == "label" {
			return
		}
	}
	if !c.labelled[attribute(n, "id")] && attribute(n, "aria-label") == "" && attribute(n, "aria-labelledby") == "" {
		c.say("the field %q has no label", attribute(n, "name"))
	}
	if attribute(n, "aria-invalid") == "true" && attribute(n, "aria-describedby") == "" {
		c.say("the field %q does not say what is wrong with it", attribute(n, "name"))
	}
}

// form demands the key that keeps a form from being carried out twice.
func (c *checker) form(n *html.Node) {
	if !strings.EqualFold(attribute(n, "method"), "post") || strings.Contains(attribute(n, "action"), idempotency.Field+"=") {
		return
	}
	for e := range elements(n) {
		if e.Data == "input" && attribute(e, "name") == idempotency.Field && attribute(e, "value") != "" {
			return
		}
	}
	c.say("the form to %s has no %s", attribute(n, "action"), idempotency.Field)
}

// void are the elements that have no end.
var void = []string{"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

// checkTags says where markup is not well-formed, which browsers hide.
func checkTags(page string) (wrong []string) {
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			for _, name := range open {
				wrong = append(wrong, fmt.Sprintf("a %s is not closed", name))
			}
			return wrong
		case html.StartTagToken:
			if name, _ := z.TagName(); !slices.Contains(void, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return append(wrong, fmt.Sprintf("</%s> closes nothing; open are %v", name, open))
			}
			open = open[:len(open)-1]
		case html.TextToken, html.SelfClosingTagToken, html.CommentToken, html.DoctypeToken:
		}
	}
}
