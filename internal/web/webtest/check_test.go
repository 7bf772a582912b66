package webtest

import (
	"strings"
	"testing"
)

// What the judge of pages finds, each in a part of a page, and what it lets
// pass.
func TestCheck(t *testing.T) {
	for part, want := range map[string]string{
		`<p>fine</p>`:                                               "",
		`<p>not closed`:                                             "a p is not closed",
		`<b><i>crossed</b></i>`:                                     "</b> closes nothing",
		`<p id="a">1</p><p id="a">2</p>`:                            `the id "a" is there 2 times`,
		`<a href="#gone">where</a>`:                                 "#gone, which is not there",
		`<button></button>`:                                         "a button has no name",
		`<button aria-label="Close"></button>`:                      "",
		`<a>nowhere</a>`:                                            "leads nowhere",
		`<input name="q">`:                                          `the field "q" has no label`,
		`<label>Find <input name="q"></label>`:                      "",
		`<label for="q">Find</label><input id="q" name="q">`:        "",
		`<p style="color: red">red</p>`:                             "has a style attribute",
		`<p onclick="go()">go</p>`:                                  "has a script in onclick",
		`<a href=" JavaScript:go()">go</a>`:                         "has a script in href",
		`<script>go()</script>`:                                     "a script stands inside of the page",
		`<script src="/static/app.js"></script>`:                    "",
		`<style>p{}</style>`:                                        "a style stands inside of the page",
		`<svg viewBox="0 0 1 1"></svg>`:                             "neither hidden nor named",
		`<form method="post" action="/a"></form>`:                   "has no idempotency_key",
		`<form method="post" action="/a?idempotency_key=x"></form>`: "",
		`<form method="post" action="/a"><input type="hidden" name="idempotency_key" value="x"></form>`: "",
		`<form action="/search"></form>`:             "",
		`<input aria-label="a" aria-invalid="true">`: "does not say what is wrong",
		`<p aria-describedby="none">x</p>`:           `names "none", which is not there`,
		`<img src="/a.png">`:                         "a picture has no words",
		`<!doctype html><html><head><title>x</title></head><body><h1>a</h1></body></html>`:                     "does not name its language",
		`<!doctype html><html lang="en"><head><title>x</title></head><body><h1>a</h1><h1>b</h1></body></html>`: "there are 2 headings h1",
	} {
		got := strings.Join(Check(part), "; ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s\n  is said to be wrong in: %q\n  want: %q", part, got, want)
		}
	}
}
