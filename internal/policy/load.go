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
	return Parse("policy/"+name+".yaml", text)
}

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
	if problems := p.Validate(name, places); len(problems) > 0 {
		return nil, fault.New(fault.Invalid, "%w", problems)
	}
	return p.seal(), nil
}

// base returns the pack that a text extends, or an empty one. A text that is
// not even YAML is left to the strict reader, which says so better.
func base(name string, text []byte) (*Pack, error) {
	var head struct {
		Extends string `yaml:"extends"`
	}
	if !strings.Contains(string(text), "extends") || yaml.Unmarshal(text, &head) != nil || head.Extends == "" {
		return &Pack{}, nil
	}
	p, err := Named(head.Extends)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%s: extends: %w", name, err)
	}
	if p.Extends != "" {
		return nil, fault.New(fault.Invalid, "%s: extends: %q itself extends a pack", name, head.Extends)
	}
	return p, nil
}
