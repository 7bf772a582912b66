package config

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/layers"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/strict"
)

// Options say where a configuration comes from.
type Options struct {
	// Start is the path from which the file is looked for, upwards: the first
	// one on the command line. Empty is the working directory.
	Start string
	// File is the path of the file, which is not looked for then.
	File string
	// Without reads no file at all.
	Without bool
	// Policy names the default policy pack.
	Policy string
	// Environ is the environment, as os.Environ returns it.
	Environ []string
	// Flags are the values from the command line.
	Flags []Flag
}

// A Flag is a value from the command line.
type Flag struct {
	Name   string // as the user wrote it: "--fail-on"
	Key    string // of the configuration: "fail_on"
	Values []string
}

// Load returns the configuration that counts: defaults, file, environment,
// flags, each over the one before. Validate looks at what the values mean.
//
// For keys and values that do not fit, Load fails with Invalid and lists all of
// them as strict.Problems; what does fit comes all the same, unless the file is
// no YAML. It fails with NotFound for a file that was named and does not exist.
func Load(o Options) (*Config, error) {
	at, err := find(cmp.Or(o.Start, "."))
	if o.File != "" || o.Without {
		at.file, err = o.File, nil // what lies around does not matter
		if o.File != "" {
			at.root = filepath.Dir(o.File)
		}
	}
	if err != nil {
		return nil, err
	}
	c := defaults(o.Policy)
	c.Root, c.Repository = at.root, at.repository
	var problems strict.Problems
	if at.file != "" {
		ps, err := c.read(at.file)
		if err != nil {
			return nil, err
		}
		problems = append(problems, ps...)
	}
	problems = append(problems, c.stack.TakeEnvironment(o.Environ)...)
	for _, f := range o.Flags {
		problems = append(problems, c.stack.Set(f.Key, f.Values, Origin{Kind: FromFlag, Name: f.Name})...)
	}
	if len(problems) > 0 {
		return c, fault.New(fault.Invalid, "%w", problems)
	}
	return c, nil
}

// read puts the values of a file over those that are there.
func (c *Config) read(path string) (strict.Problems, error) {
	c.File = shown(path)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.NotFound, "%s: there is no such file", c.File)
	case errors.Is(err, fs.ErrPermission):
		return nil, fault.New(fault.Invalid, "%s: cannot be read: permission denied", c.File)
	case err != nil:
		return nil, fault.New(fault.Invalid, "%s: cannot be read: %w", c.File, err)
	}
	return c.stack.TakeFile(c.File, text)
}

// Variable returns the name of the environment variable that sets a key.
func Variable(key string) string { return layers.Variable(key) }

// shown returns a path as messages write it: from the working directory, where
// it lies below.
func shown(path string) string { return source.Relative("", path) }

// Path returns where the file is that a key names: a path in cadre.yaml counts
// from the folder of the file, others from the working directory. It returns ""
// for a key that is not set.
func (c *Config) Path(key string) string {
	switch v := c.stack.Get(key).(type) {
	case string:
		return c.resolve(key, v)
	case Redirects:
		return c.resolve(key, v.File)
	}
	return ""
}

// resolve returns the path that a key holds as the working directory sees it.
func (c *Config) resolve(key, path string) string {
	if path == "" || filepath.IsAbs(path) || c.Origin(key).Kind != FromFile {
		return path
	}
	return filepath.Join(filepath.Dir(filepath.FromSlash(c.File)), filepath.FromSlash(path))
}

// PolicyFile returns the path of the policy pack, or "" if Policy names a
// shipped one.
func (c *Config) PolicyFile() string {
	if !isPath(c.Policy) {
		return ""
	}
	return c.resolve("policy", c.Policy)
}

// isPath tells the path of a file from a name.
func isPath(name string) bool {
	return strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
