// Package packs holds the policy packs that Cadre ships: one YAML file for
// each, named by its version. Package internal/policy reads them.
package packs

import "embed"

// Files holds the packs.
//
//go:embed *.yaml
var Files embed.FS
