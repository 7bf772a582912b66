package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/chromedp/chromedp"
)

// axe is the tool that finds what shuts people out (WCAG 2.2 AA and good
// practice).
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	return string(text), err
})

// judge holds a page against what all pages must be: no violation for axe in
// light and dark, wide and narrow; nothing that overflows at 360 px; nothing
// that moves after it was shown; nothing that the browser complains about; and
// no words that are missing without scripts.
func (b *tab) judge(path string) {
	b.Helper()
	b.scheme("light")
	b.size(1280, 900)
	b.visit(path)
	b.still(path + ", 1280 px")
	b.axe(path+", light, 1280 px", "")
	b.picture(path + "-light-1280")
	b.scheme("dark")
	b.axe(path+", dark", `, runOnly: ["color-contrast"]`) // colours alone differ
	b.picture(path + "-dark-1280")

	b.scheme("light")
	b.size(360, 900)
	b.visit(path)
	b.still(path + ", 360 px")
	b.overflow(path + ", 360 px")
	b.axe(path+", light, 360 px", "")
	b.picture(path + "-light-360")
	b.quiet()

	// What only a script can do may be shown by one.
	b.do(chromedp.Evaluate[chromedp.Void](`for (const e of document.querySelectorAll("[data-passkey]")) e.hidden = true`))
	with := b.text()
	b.scripts(false)
	b.visit(path)
	without := b.text() + "\n"
	b.scripts(true)
	for line := range strings.Lines(with) {
		if !strings.Contains(without, line) {
			b.Errorf("%s does not say %q without scripts", path, strings.TrimSpace(line))
		}
	}
	b.quiet()
}

// axe runs axe on the page as it is, with further options.
func (b *tab) axe(what, options string) {
	b.Helper()
	text, err := axe()
	if err != nil {
		b.Fatal(err)
	}
	b.do(chromedp.Evaluate[chromedp.Void](text))
	type violation struct {
		ID, Help string
		Nodes    []struct {
			HTML           string
			FailureSummary string
		}
	}
	found := evaluate[string](b, `axe.run(document, {resultTypes: ["violations"]`+options+`}).then(r => JSON.stringify(r.violations))`)
	var violations []violation
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		b.Fatal(err)
	}
	for _, v := range violations {
		for _, n := range v.Nodes {
			b.Errorf("%s: axe %s: %s\n%s\n%s", what, v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

// overflow fails the test if the page is wider than the window, and names what
// sticks out.
func (b *tab) overflow(what string) {
	b.Helper()
	out := evaluate[[]string](b, `(() => {
		const wide = document.documentElement.clientWidth;
		if (document.documentElement.scrollWidth <= wide) return [];
		return [...document.querySelectorAll("body *")].filter(e => {
			const box = e.getBoundingClientRect();
			return box.width > 0 && box.right > wide + 0.5 && !e.parentElement.closest(".scroll, .excerpt, .visually-hidden, .tabs");
		}).slice(0, 5).map(e => e.outerHTML.slice(0, 160));
	})()`)
	if len(out) > 0 {
		b.Errorf("%s is wider than the window:\n%s", what, strings.Join(out, "\n"))
	}
}

// still fails the test if something moved after it was shown.
func (b *tab) still(what string) {
	b.Helper()
	moved := evaluate[[]string](b, `new Promise(done => {
		const moved = [];
		new PerformanceObserver(list => {
			for (const e of list.getEntries()) {
				const nodes = e.sources.map(s => s.node?.outerHTML?.slice(0, 120) + " from y=" + s.previousRect.y + " to " + s.currentRect.y);
				if (!e.hadRecentInput && e.value > 0.001) moved.push(e.value.toFixed(4) + ": " + nodes.join(", "));
			}
		}).observe({type: "layout-shift", buffered: true});
		setTimeout(() => done(moved), 50);
	})`)
	for _, m := range moved {
		b.Errorf("%s: the layout shifts by %s", what, m)
	}
}

// validate holds pages against html-validate, all in one run. They are given by
// name.
func validate(b *tab, pages map[string]string) {
	b.Helper()
	folder := b.TempDir()
	for name, text := range pages {
		file := strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(name), "-") + ".html"
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	settings, err := filepath.Abs("htmlvalidate.json")
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), "node", "node_modules/html-validate/bin/html-validate.mjs", "--config", settings, "--formatter", "text", folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Errorf("html-validate: %v\n%s", err, out)
	}
}
