package policy

import (
	"encoding/json"
	"reflect"
	"sync"
)

// Schema returns the JSON Schema of a policy pack in one file, for editors.
func Schema() string { return schema() }

var schema = sync.OnceValue(func() string {
	source := describe(object{"type": "string"}, "where the values beside it come from")
	b := schemaBuilder{source: source, note: describe(object{"type": "string"}, "what else is to be known of them")}
	root := b.pages(reflect.TypeFor[Pack](), "")
	properties, _ := root["properties"].(object)
	properties["version"] = describe(object{"type": "string", "minLength": 1}, "the name of this version, for example ours-2026")
	properties["title"] = describe(object{"type": "string"}, "a line that says what it is")
	properties["extends"] = describe(object{"enum": Names()}, "the shipped pack whose values stand where this one is silent")
	rooms := b.group(field{typ: reflect.TypeFor[Rooms]()})
	inner, _ := rooms["properties"].(object)
	inner["documents"] = describe(b.value(reflect.TypeFor[[]Document](), limits{}), "documents that sources name by their first word")
	properties[roomsKey] = describe(rooms, "decisions that the rooms of the server live by")
	root["$schema"], root["title"] = "https://json-schema.org/draft/2020-12/schema", "Cadre policy pack"
	root["required"] = []string{"version"}
	text, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic(err) // it is made of maps, lists and words
	}
	return string(text) + "\n"
})

type object = map[string]any

func describe(o object, doc string) object {
	if doc != "" {
		o["description"] = doc
	}
	return o
}

// A schemaBuilder makes schemas of types.
type schemaBuilder struct{ source, note object }

// pages returns the schema of what the compiler reads, where a source stands
// beside values and belongs to the structs.
func (b *schemaBuilder) pages(t reflect.Type, path string) object {
	properties := object{}
	if _, ok := t.FieldByName("Source"); ok {
		properties["source"] = b.source
	}
	for _, f := range fieldsOf(t) {
		at := f.key
		if path != "" {
			at = path + "." + f.key
		}
		switch {
		case f.typ == reflect.TypeFor[RoomText]():
		case isGroup(f.typ):
			properties[f.key] = b.pages(f.typ, at)
		default:
			properties[f.key] = describe(b.value(f.typ, f.limits), pageDocs[at])
		}
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// group returns the schema of a group of values of a room. Each value is
// stated by itself or with its source.
func (b *schemaBuilder) group(g field) object {
	properties := object{"source": b.source, "note": b.note}
	for _, f := range fieldsOf(g.typ) {
		f = f.within(g)
		if isGroup(f.typ) {
			properties[f.key] = describe(b.group(f), f.doc)
			continue
		}
		plain := b.value(f.typ, f.limits)
		properties[f.key] = describe(object{"anyOf": []any{plain, object{
			"type": "object", "additionalProperties": false, "required": []string{"value"},
			"properties": object{"value": plain, "source": b.source, "note": b.note},
		}}}, f.doc)
	}
	return object{"type": "object", "properties": properties, "additionalProperties": false}
}

// value returns the schema of a value.
func (b *schemaBuilder) value(t reflect.Type, l limits) object {
	switch {
	case t.Kind() == reflect.Pointer:
		return b.value(t.Elem(), l)
	case t == decimalType:
		return object{"type": []string{"string", "number"}, "pattern": `^([0-9]+(\.[0-9]+)?)?$`}
	case t.Kind() == reflect.Bool:
		return object{"type": "boolean"}
	case t.Kind() == reflect.Int:
		o := object{"type": "integer", "minimum": l.min}
		if l.max > 0 {
			o["maximum"] = l.max
		}
		return o
	case t.Kind() == reflect.Slice:
		return object{"type": "array", "items": b.value(t.Elem(), l)}
	case t.Kind() == reflect.Struct:
		properties := object{}
		for _, f := range fieldsOf(t) {
			properties[f.key] = describe(b.value(f.typ, f.limits), f.doc)
		}
		return object{"type": "object", "properties": properties, "additionalProperties": false}
	}
	return text(l)
}

// text returns the schema of a text.
func text(l limits) object {
	o := object{"type": "string"}
	switch l.is {
	case "grade":
		o["pattern"] = `^[0-9]+(\.[0-9]+)?$`
	case "date":
		o["format"] = "date"
	case "time":
		o["pattern"] = `^([01][0-9]|2[0-3]):[0-5][0-9]$`
	case "role", "word":
		o["pattern"] = `^[a-z0-9_]+$`
	}
	if len(l.oneOf) > 0 {
		o["enum"] = l.oneOf
	}
	return o
}
