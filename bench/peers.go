package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"go.yaml.in/yaml/v4"
)

// A peer is a program that checks Markdown, too.
type peer struct {
	program
	wants   float64 // how many times faster Cadre should be
	missing string  // why it could not be measured
	cadre   *program
}

// Versions of the peers. Newer ones of markdownlint-cli2 want a newer Node.
const (
	valeVersion         = "v3.21.0"
	markdownlintVersion = "0.22.0"
	remarkVersion       = "12.0.1"
	remarkLintVersion   = "7.0.1"
	remarkMatterVersion = "5.0.0"
)

// peers installs the peers and measures each against a cold run of Cadre, in
// rounds of their own: one round of theirs takes seconds.
func (b *bench) peers(ctx context.Context, r *results, rounds int) error {
	here := filepath.Dir(b.folder)
	pages := filepath.Join(here, "readable")
	var err error
	if r.unread, err = b.readable(pages); err != nil {
		return err
	}
	for _, p := range []*peer{vale(ctx, here, pages), markdownlint(ctx, here, pages), remark(ctx, here, pages)} {
		if p.missing == "" {
			p.cadre = b.check("cadre check, cold", b.cold)
			p.cadre.command = []string{b.cadre, "check", pages}
			if err := measure(ctx, rounds, &p.program, p.cadre); err != nil {
				return err
			}
		}
		r.peers = append(r.peers, p)
	}
	return nil
}

// readable copies the pages whose front matter is YAML to a folder, since Vale
// ends at the first that it cannot read. It returns how many others there are.
func (b *bench) readable(folder string) (unread int, err error) {
	if err := os.RemoveAll(folder); err != nil {
		return 0, err
	}
	for _, page := range b.list {
		text, err := os.ReadFile(page)
		if err != nil {
			return 0, err
		}
		matter, _, _ := bytes.Cut(bytes.TrimPrefix(text, []byte("---\n")), []byte("\n---"))
		var fields map[string]any
		if bytes.HasPrefix(text, []byte("---\n")) && yaml.Unmarshal(matter, &fields) != nil {
			unread++
			continue
		}
		rel, err := filepath.Rel(b.folder, page)
		if err != nil {
			return 0, err
		}
		to := filepath.Join(folder, rel)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return 0, err
		}
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return 0, err
		}
	}
	return unread, nil
}

// vale checks spelling and the rules that it ships.
func vale(ctx context.Context, here, pages string) *peer {
	p := &peer{wants: 15}
	p.name, p.exits = "Vale "+valeVersion[1:], []int{1}
	tool, config := filepath.Join(here, "bin", "vale"), filepath.Join(here, "vale.ini")
	p.command = []string{tool, "--config", config, "--output", "line", pages}
	if p.missing = write(config, "MinAlertLevel = suggestion\n[*.md]\nBasedOnStyles = Vale\n"); p.missing != "" || exists(tool) {
		return p
	}
	c := exec.CommandContext(ctx, "go", "install", "github.com/vale-cli/vale/v3/cmd/vale@"+valeVersion)
	c.Env = append(os.Environ(), "GOBIN="+filepath.Dir(tool))
	p.missing = installed(c)
	return p
}

// markdownlint checks its default rules.
func markdownlint(ctx context.Context, here, pages string) *peer {
	p := &peer{wants: 50}
	p.name, p.exits = "markdownlint-cli2 "+markdownlintVersion, []int{1}
	p.command = []string{filepath.Join(here, "markdownlint", "node_modules", ".bin", "markdownlint-cli2"), filepath.ToSlash(pages) + "/**/*.md"}
	p.missing = npm(ctx, filepath.Join(here, "markdownlint"), p.command[0], "markdownlint-cli2@"+markdownlintVersion)
	return p
}

// remark checks its recommended rules and understands front matter.
func remark(ctx context.Context, here, pages string) *peer {
	p := &peer{wants: 50}
	p.name, p.exits = "remark-cli "+remarkVersion+" with preset-lint-recommended", []int{1}
	folder := filepath.Join(here, "remark")
	p.command = []string{
		filepath.Join(folder, "node_modules", ".bin", "remark"), "--no-stdout", "--rc-path", filepath.Join(folder, "remarkrc.json"), pages,
	}
	if p.missing = npm(ctx, folder, p.command[0], "remark-cli@"+remarkVersion, "remark-preset-lint-recommended@"+remarkLintVersion, "remark-frontmatter@"+remarkMatterVersion); p.missing == "" {
		modules := filepath.ToSlash(filepath.Join(folder, "node_modules"))
		p.missing = write(filepath.Join(folder, "remarkrc.json"),
			fmt.Sprintf(`{"plugins": ["%s/remark-frontmatter/index.js", "%s/remark-preset-lint-recommended/index.js"]}`, modules, modules))
	}
	return p
}

// npm installs packages into a folder, unless the tool is there. It returns
// why it could not.
func npm(ctx context.Context, folder, tool string, packages ...string) string {
	if exists(tool) {
		return ""
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err.Error()
	}
	args := append([]string{"install", "--no-audit", "--no-fund", "--save-exact", "--prefix", folder}, packages...)
	return installed(exec.CommandContext(ctx, "npm", args...))
}

// installed runs a command that installs something and returns why it could
// not.
func installed(c *exec.Cmd) string {
	if out, err := c.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%s\n", out)
		return err.Error()
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// write writes a small file, in a folder that there is; it returns why it
// could not.
func write(path, text string) string {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err.Error()
	}
	return ""
}
