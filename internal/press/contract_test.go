package press_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/press"
)

// The contract: what a consumer may rely on. A key that ends in "?" may be
// absent; a type in "null or" may be null. Lists are never null.
type (
	object map[string]any
	list   struct{ of any }
	nullor struct{ of any }
	oneof  []string
)

const (
	text    = "text"
	integer = "whole number"
	boolean = "true or false"
)

var (
	texts = list{text}
	span  = object{"start": integer, "end": integer}
	prose = object{"text": text, "bytes": span}

	reference = object{"title": text, "target?": text, "level?": text, "why?": text, "bytes": span}
	manages   = object{
		"min": nullor{integer}, "max": nullor{integer}, "of": texts, "scope": oneof{"direct", "total"},
		"modality": oneof{"typical", "at_least", "at_most", "exact"}, "bytes": span,
	}
	item    = object{"id": text, "text": text, "line": integer, "depth?": integer, "group?": text, "individual?": boolean, "bytes": span}
	duty    = object{"id": text, "text": text, "line": integer, "depth?": integer, "group?": text, "individual?": boolean, "bytes": span, "from": text, "path?": text}
	cadence = object{"count": integer, "period": text, "any": list{prose}, "bytes": span}

	level = object{
		"title": text, "line": integer, "span_of_title": span, "slug?": text,
		"grades": texts, "unaligned?": boolean,
		"reports_to": texts, "reports_to_mode": oneof{"any", "all"}, "span": nullor{manages}, "track?": oneof{"ic", "manager"},
		"responsibilities": integer, "requirements": integer, "performance_indicators": integer,
		"extends": texts, "ladder": texts,
		"details": object{
			"grades?":    list{object{"value": text, "subject?": text, "bytes": span}},
			"reporting?": prose, "reports_to?": list{reference}, "spans?": list{manages}, "intro?": list{prose},
			"responsibilities?": list{item}, "requirements?": list{item}, "performance_indicators?": list{item}, "prose?": list{prose},
			"effective_responsibilities?": list{duty}, "effective_requirements?": list{duty}, "cadences?": list{cadence},
			"conditions?": list{object{
				"text": prose, "fewer_than_direct_reports?": integer, "first_time_manager?": boolean,
				"keeps_individual_contributor_duties": boolean,
			}},
			"extends?": list{reference}, "ladder?": list{reference},
		},
	}
	specialty = object{
		"title": text, "line": integer, "level": nullor{text}, "parent": nullor{text}, "requirements": integer, "responsibilities": integer,
		"reports_to?": list{reference}, "scope?": list{link}, "intro?": list{prose}, "bytes": span,
		"details": object{"responsibilities?": list{item}, "requirements?": list{item}},
	}
	link = object{"text": text, "target": text, "line": integer}
	step = object{
		"id": text, "line": integer,
		"kind":    oneof{"apply", "screening", "interview", "assessment", "presentation", "references", "offer", "other"},
		"minutes": nullor{list{integer}}, "interviewers": texts, "mode": oneof{"any", "all"}, "panel": boolean, "optional": boolean, "count": integer,
		"group?": text, "ordinal?": integer, "text": text, "people?": list{reference}, "bytes": span,
	}
	process = object{
		"scope": oneof{"family", "level"}, "level": nullor{text}, "line": integer, "title": text, "steps": list{step}, "prose?": list{prose},
	}
	page = object{
		"path": text, "title": text, "description?": text, "levels": list{level},
		"family": object{
			"responsibilities": integer, "requirements": integer, "performance_indicators": integer, "ladder": texts,
			"details": object{
				"overview?": list{prose}, "responsibilities?": list{item}, "requirements?": list{item}, "performance_indicators?": list{item},
				"cadences?": list{cadence}, "ladder?": list{reference}, "ladder_edges?": list{object{"from": text, "to": text}},
			},
		},
		"specialties": list{specialty}, "segments?": list{specialty}, "hiring": list{process},
		"sections": list{object{
			"kind": text, "title": text, "slug?": text, "depth": integer, "line": integer, "level?": text, "items?": integer,
			"text?": list{prose}, "bytes": span, "body": span,
		}},
		"links": list{link},
	}
	contract = object{"schema_version": oneof{press.SchemaVersion}, "pages": list{page}}
)

// The JSON of the small family, which says all that a page can say, has the
// form of the contract: no field is missing, null where it must not be, of
// another type, or unknown.
func TestContract(t *testing.T) {
	families, _ := compiled(t)
	var got any
	if err := json.Unmarshal([]byte(export(t, press.JSON, families)), &got); err != nil {
		t.Fatal(err)
	}
	for _, problem := range misfits("export", contract, got) {
		t.Error(problem)
	}
}

// misfits tells where a value has not the wanted form.
func misfits(at string, want, got any) []string {
	wrong := []string{fmt.Sprintf("%s: %T is no %v", at, got, want)}
	switch want := want.(type) {
	case nullor:
		if got == nil {
			return nil
		}
		return misfits(at, want.of, got)
	case list:
		values, ok := got.([]any)
		if !ok {
			return wrong
		}
		var out []string
		for i, v := range values {
			out = append(out, misfits(fmt.Sprintf("%s[%d]", at, i), want.of, v)...)
		}
		return out
	case oneof:
		if s, ok := got.(string); !ok || !slices.Contains(want, s) {
			return wrong
		}
		return nil
	case object:
		fields, ok := got.(map[string]any)
		if !ok {
			return wrong
		}
		return misfitFields(at, want, fields)
	}
	ok := false
	switch want {
	case text:
		_, ok = got.(string)
	case boolean:
		_, ok = got.(bool)
	case integer:
		n, isNumber := got.(float64)
		ok = isNumber && n == math.Trunc(n) && n >= 0
	}
	if !ok {
		return wrong
	}
	return nil
}

func misfitFields(at string, want object, got map[string]any) []string {
	var out []string
	known := map[string]bool{}
	for key, of := range want {
		name, optional := strings.CutSuffix(key, "?")
		known[name] = true
		if v, ok := got[name]; ok {
			out = append(out, misfits(at+"."+name, of, v)...)
		} else if !optional {
			out = append(out, at+"."+name+" is missing")
		}
	}
	for name := range got {
		if !known[name] {
			out = append(out, at+"."+name+" is no field of the contract")
		}
	}
	slices.Sort(out)
	return out
}

// Every field of the contract, and every column of the CSV, is explained in
// docs/language/export.md.
func TestContractIsDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/language/export.md")
	if err != nil {
		t.Fatal(err)
	}
	explained := func(name string) {
		if !bytes.Contains(doc, []byte("`"+name+"`")) {
			t.Errorf("docs/language/export.md does not explain `%s`", name)
		}
	}
	var walk func(any)
	walk = func(of any) {
		switch of := of.(type) {
		case list:
			walk(of.of)
		case nullor:
			walk(of.of)
		case object:
			for key, inner := range of {
				explained(strings.TrimSuffix(key, "?"))
				walk(inner)
			}
		case oneof:
			for _, word := range of {
				explained(word)
			}
		}
	}
	walk(contract)
	head, _, _ := strings.Cut(export(t, press.CSV, nil), "\n")
	for name := range strings.SplitSeq(head, ",") {
		explained(name)
	}
}
