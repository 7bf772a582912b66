// The pages in a real browser: what a test in process cannot see, such as
// contrast, overflow, focus and scripts. Needs Debian's package chromium and
// the tools of package.json; `make browser` installs those and runs this.
//
// CADRE_TEST_BROWSER=require makes it an error if something is missing;
// CADRE_SCREENSHOTS names a folder that gets a picture of each page.
package browser

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser of all tests; each has a profile of its own in
// it.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

// needs skips the test if the browser or the tools are missing, with the
// reason.
func needs(t testing.TB) {
	t.Helper()
	chromium.once.Do(start)
	if chromium.err == nil {
		return
	}
	if os.Getenv("CADRE_TEST_BROWSER") == "require" {
		t.Fatal(chromium.err)
	}
	t.Skipf("%v; CADRE_TEST_BROWSER=require makes this an error", chromium.err)
}

func start() {
	if _, err := os.Stat("node_modules/axe-core/axe.min.js"); err != nil {
		chromium.err = errors.New("the tools are not installed: run `make browser`")
		return
	}
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if at, err := exec.LookPath(name); err == nil {
			path = at
			break
		}
	}
	if path == "" {
		chromium.err = errors.New("there is no chromium: install Debian's package of that name")
		return
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1280, 900),
		chromedp.Flag("hide-scrollbars", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // which does not work for root
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, leave := chromedp.NewContext(allocator)
	chromium.ctx, chromium.stop = ctx, func() { leave(); stop() }
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		chromium.err = fmt.Errorf("chromium does not start: %w", err)
	}
}

// patience is how long a tab is used at most: all pages of the server take
// minutes.
const patience = 30 * time.Minute

// A tab is one tab of the browser, looking at one site. What goes wrong in it
// fails the test.
type tab struct {
	testing.TB
	ctx  context.Context
	site string // its address

	mu     sync.Mutex
	errors []string // of the console
}

// open returns a tab in a fresh profile, looking at a site that a handler
// serves.
func open(t testing.TB, h http.Handler) *tab {
	t.Helper()
	needs(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return look(t, server.URL)
}

// look returns a tab in a fresh profile, looking at a site that is there.
func look(t testing.TB, address string) *tab {
	t.Helper()
	needs(t)
	ctx, leave := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(func() { cancel(); leave() })
	b := &tab{TB: t, ctx: ctx, site: address}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

// hear keeps what the browser complains about: scripts that fail, what the
// content policy refuses, what does not load.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			b.errors = append(b.errors, e.Entry.Text+" ("+e.Entry.URL+")")
		}
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	}
}

// quiet fails the test if the browser has complained.
func (b *tab) quiet() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.errors {
		b.Errorf("the browser complains: %s", e)
	}
	b.errors = nil
}

// deaf forgets what the browser complained about, after something that must
// fail, such as an address that is not there.
func (b *tab) deaf() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.errors = nil
}

// do carries out steps.
func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// visit opens a page of the site.
func (b *tab) visit(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.site + path))
}

// text returns what the page shows.
func (b *tab) text() string {
	b.Helper()
	return evaluate[string](b, `document.body?.innerText ?? ""`)
}

// wants waits until the page shows a text.
func (b *tab) wants(text string) {
	b.Helper()
	for range 100 {
		if strings.Contains(b.text(), text) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatalf("the page does not show %q, but:\n%s", text, b.text())
}

// size sets the size of the window.
func (b *tab) size(width, height int64) {
	b.Helper()
	b.do(chromedp.EmulateViewport(width, height))
}

// scheme sets which colours the reader prefers: light or dark.
func (b *tab) scheme(name string) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		b.Fatal(err)
	}
}

// scripts switches scripts on or off.
func (b *tab) scripts(on bool) {
	b.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	if err != nil {
		b.Fatal(err)
	}
}

// evaluate returns the value of an expression in the page. If the page is left
// meanwhile, it asks the next one.
func evaluate[T any](b *tab, expression string) T {
	b.Helper()
	for range 50 {
		v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
		if err == nil {
			return v
		}
		if !strings.Contains(err.Error(), "navigated or closed") && !strings.Contains(err.Error(), "context was destroyed") {
			b.Fatalf("%s: %v", expression, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatalf("%s: the page did not come to rest", expression)
	panic("unreachable")
}

// picture saves a picture of the whole page, if CADRE_SCREENSHOTS asks for it.
func (b *tab) picture(name string) {
	b.Helper()
	b.save(name, chromedp.FullScreenshot(100))
}

// window saves a picture of what the window shows of the page.
func (b *tab) window(name string) {
	b.Helper()
	b.save(name, chromedp.CaptureScreenshot())
}

func (b *tab) save(name string, take chromedp.Action[[]byte]) {
	b.Helper()
	folder := os.Getenv("CADRE_SCREENSHOTS")
	if folder == "" {
		return
	}
	image, err := chromedp.Run(b.ctx, take)
	if err != nil {
		b.Fatal(err)
	}
	name = strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-").Replace(name), "-")
	if err := os.WriteFile(filepath.Join(folder, name+".png"), image, 0o644); err != nil {
		b.Fatal(err)
	}
}
