package policyweb

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// typed returns a value as it stands in the field in which it is changed: a
// list with an item on each line, a table with a row on each line.
func typed(v policy.Value) string {
	switch {
	case len(v.Rows) > 0:
		return "- " + strings.Join(v.Rows, "\n- ")
	case isTable(v):
		return ""
	case isList(v):
		return strings.Join(v.Items, "\n")
	case v.Text == "null":
		return ""
	case isYesOrNo(v):
		return v.Text
	}
	return v.Plain
}

func isTable(v policy.Value) bool   { return v.Kind == "table" || v.Kind == "list of lists" }
func isList(v policy.Value) bool    { return strings.HasPrefix(v.Kind, "list") && !isTable(v) }
func isYesOrNo(v policy.Value) bool { return v.Kind == "yes or no" }

// asYAML returns what was typed into that field as the value of a pack.
func asYAML(v policy.Value, text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	switch {
	case isTable(v):
		if strings.TrimSpace(text) == "" {
			return "[]"
		}
		return text
	case isList(v):
		var items []string
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.TrimSpace(line); line != "" {
				items = append(items, scalar(v.Kind, line))
			}
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	text = strings.TrimSpace(text)
	if text == "" && v.Kind == "number" {
		return "null"
	}
	return scalar(v.Kind, text)
}

// scalar returns a word, a number or a truth as YAML.
func scalar(kind, text string) string {
	switch kind {
	case "number", "list of numbers", "yes or no":
		if strings.Trim(text, "-0123456789") == "" || text == "true" || text == "false" {
			return text
		}
	}
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(quoted)
}

// field returns the field in which a value is changed.
func field(v policy.Value) ui.Input {
	in := ui.Input{Name: "value", Label: "Value", Help: help(v)}
	switch {
	case isTable(v):
		in.Lines = max(4, min(16, len(v.Rows)+2))
	case isList(v):
		in.Lines = max(3, min(16, len(v.Items)+1))
	case isYesOrNo(v):
		in.Choices = []ui.Choice{{Value: "true", Label: "Yes"}, {Value: "false", Label: "No"}}
	case len(v.Choices) > 0:
		for _, word := range v.Choices {
			in.Choices = append(in.Choices, ui.Choice{Value: word, Label: words(word)})
		}
	case v.Kind == "number":
		in.Kind = "number"
	}
	return in
}

// help says how a value is written.
func help(v policy.Value) string {
	of := ""
	if len(v.Choices) > 0 {
		of = " Each is one of " + strings.Join(v.Choices, ", ") + "."
	}
	switch {
	case isTable(v):
		return "One row on each line, in the form that is there."
	case isList(v):
		return "One on each line." + of
	case v.Kind == "decimal":
		return "A number with a point, such as 0.9."
	case v.Kind == "number":
		return sentence(strings.TrimPrefix(limits(v), ", ")) + "."
	}
	return ""
}

// limits says between which limits a number lies.
func limits(v policy.Value) string {
	if v.Kind != "number" && v.Kind != "list of numbers" {
		return ""
	}
	if v.Most > 0 {
		return fmt.Sprintf(", from %d to %d", v.Least, v.Most)
	}
	return fmt.Sprintf(", at least %d", v.Least)
}
