package ui

import (
	"net/url"
	"strconv"
)

// mostChips is how many choices of a filter are shown as chips.
const mostChips = 10

// counted is a choice in words, with its count.
func (c Choice) counted() string {
	if c.Count == 0 {
		return c.Label
	}
	return c.Label + " (" + strconv.Itoa(c.Count) + ")"
}

// keptBesides are the parameters of an address that a filter leaves as they are.
func keptBesides(u *url.URL, name string) []Choice {
	without := *u
	q := u.Query()
	text := q["q"]
	q.Del(name)
	without.RawQuery = q.Encode()
	all := kept(&without)
	for _, t := range text {
		if name != "q" {
			all = append(all, Choice{Label: "q", Value: t})
		}
	}
	return all
}
