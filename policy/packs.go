// Package packs holds the policy packs that Cadre ships: for each a YAML file
// named by its version, with what the compiler reads, and a folder of that name
// with a file for each room of the server. Package internal/policy reads them.
package packs

import "embed"

// Files holds the packs.
//
//go:embed *.yaml */*.yaml
var Files embed.FS
