package policy

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/strict"
	packs "github.com/cadre-hq/cadre/policy"
)

// DefaultName is the pack that holds where an organisation names none.
const DefaultName = "2022-09"

// Default returns the shipped pack that holds where an organisation names
// none.
func Default() *Pack { return defaultPack() }

var defaultPack = sync.OnceValue(func() *Pack {
	p, err := Named(DefaultName)
	if err != nil {
		panic(err) // the pack is part of the program, and a test reads it
	}
	return p
})

// Names lists the shipped packs, oldest first.
func Names() []string {
	files, err := fs.Glob(packs.Files, "*.yaml")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, path.Ext(f))
	}
	slices.Sort(files)
	return files
}

// Named returns a shipped pack. It fails with NotFound for a name that no
// shipped pack has.
func Named(name string) (*Pack, error) {
	text, err := packs.Files.ReadFile(name + ".yaml")
	if err != nil || strings.ContainsAny(name, `/\`) {
		known := Names()
		hint := nearest.Hint(name, known)
		if hint == "" {
			hint = "; shipped packs are " + strings.Join(known, ", ")
		}
		return nil, fault.New(fault.NotFound, "unknown policy pack %q%s", name, hint)
	}
	var p *Pack
	if name == DefaultName { // which nearly every run wants
		p = writtenDefault().seal()
	} else if p, err = Parse("policy/"+name+".yaml", text); err != nil {
		return nil, err
	}
	p.rooms = func() *roomSet { return shippedSets()[name]() }
	return p, nil
}

// shippedSets are the rooms of the shipped packs, each read when it is first
// asked for.
var shippedSets = sync.OnceValue(func() map[string]func() *roomSet {
	sets := map[string]func() *roomSet{}
	for _, name := range Names() {
		sets[name] = sync.OnceValue(func() *roomSet {
			text, err := packs.Files.ReadFile(name + ".yaml")
			if err != nil {
				panic(err) // it is in the list of names
			}
			base := emptyRooms()
			if under := extended(text); under != "" {
				base = sets[under]()
			}
			set, err := shippedRooms(name, base)
			if err != nil {
				panic(err) // the pack is part of the program, and a test reads it
			}
			return set
		})
	}
	return sets
})

// Parse reads a pack; name is what messages call the file. A pack that extends
// a shipped one has its values where it is silent. It fails with Invalid and
// says everything that is wrong at once, each with its line.
func Parse(name string, text []byte) (*Pack, error) {
	p, err := base(name, text)
	if err != nil {
		return nil, err
	}
	places, err := strict.Decode(name, text, p)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%w", err)
	}
	problems := p.Validate(name, places)
	if p.Stated.node != nil {
		problems = append(problems, p.readRooms(name)...)
	}
	if len(problems) > 0 {
		return nil, fault.New(fault.Invalid, "%w", problems)
	}
	return p.seal(), nil
}

// readRooms reads what a pack states for the rooms.
func (p *Pack) readRooms(name string) strict.Problems {
	set, problems := ownRooms(name, p.Version, p.roomSet(), p.Stated.node())
	p.rooms = func() *roomSet { return set }
	return problems
}

// base returns the pack that a text extends, or an empty one with the default
// values of the rooms.
func base(name string, text []byte) (*Pack, error) {
	under := extended(text)
	if under == "" {
		return &Pack{rooms: func() *roomSet { return shippedSets()[DefaultName]() }}, nil
	}
	p, err := Named(under)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s: extends: %w", name, err)
	}
	return p, nil
}

// extended returns the name of the pack that a text extends, or "". A text that
// is not even YAML is left to the strict reader, which says so better.
func extended(text []byte) string {
	var head struct {
		Extends string `yaml:"extends"`
	}
	if !strings.Contains(string(text), "extends") || yaml.Unmarshal(text, &head) != nil {
		return ""
	}
	return head.Extends
}
