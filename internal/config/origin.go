package config

import (
	"reflect"

	"github.com/cadre-hq/cadre/internal/layers"
	"github.com/cadre-hq/cadre/internal/strict"
)

// An Origin says where a value comes from.
type Origin = layers.Origin

// The layers that values come from, from weak to strong.
const (
	FromDefault     = layers.FromDefault
	FromFile        = layers.FromFile
	FromEnvironment = layers.FromEnvironment
	FromFlag        = layers.FromFlag
)

// A Value is one effective value.
type Value = layers.Value

// Origin returns where the value of a key comes from. Keys in a key are written
// with a dot: "site.hosts".
func (c *Config) Origin(key string) Origin { return c.stack.Origin(key) }

// Values lists the effective value of every key, in the order of the struct.
func (c *Config) Values() []Value { return c.stack.Values() }

// MarshalJSON writes a waiver under the names of its keys, without those that
// are empty.
func (w Waiver) MarshalJSON() ([]byte, error) {
	v, keys := reflect.ValueOf(w), map[string]string{}
	for _, f := range strict.Fields(v.Type()) {
		if text := v.Field(f.Index).String(); text != "" {
			keys[f.Key] = text
		}
	}
	return layers.JSON(keys)
}
