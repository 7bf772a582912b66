package catalogweb_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/catalogtest"
	"github.com/cadre-hq/cadre/internal/catalog/catalogweb"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

func TestShots(t *testing.T) {
	dir := os.Getenv("SHOTS")
	if dir == "" {
		t.Skip()
	}
	p := &place{Room: catalogtest.Open(t, sqlite(t))}
	p.site = webtest.New(t, func(o *web.Options) {
		o.Gate = func(r *http.Request) (context.Context, error) {
			return auth.With(r.Context(), catalogtest.Administrator), nil
		}
	})
	catalogweb.Register(p.site.Site, p.Service, catalogweb.Options{
		Names: func(_ context.Context, ids ...auth.PrincipalID) (map[auth.PrincipalID]string, error) {
			return map[auth.PrincipalID]string{"ada": "Ada Quay"}, nil
		},
	})
	pages := catalogtest.Meridian(t)
	p.Publish(t, pages)
	pages = pages.Edit(t, leadership, "typically leads 2-4", "typically leads 3-5")
	p.Publish(t, pages)
	pages = pages.Edit(t, leadership, "Meet each Product Manager weekly", "Meet each Product Manager daily")
	p.Publish(t, pages.Without("handbook/job-families/sales/sales-management/index.md"))
	bad := pages.Edit(t, leadership, "Watch that no group builds", "Watch that [no group]() builds")
	id, err := p.Keep(t.Context(), catalogtest.Administrator, catalog.Request{Source: bad.Archive()})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(p.site.Site)
	defer s.Close()
	alloc, stop := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath("/usr/bin/chromium"), chromedp.NoSandbox)...)
	defer stop()
	ctx, cancel := chromedp.NewContext(alloc)
	defer cancel()
	fam := "/families/product-management-leadership"
	for name, address := range map[string]string{
		"list": "/families", "family": fam + "?level=director-of-product", "ladder": fam + "/ladder", "indicators": fam + "/indicators",
		"findings": fam + "/findings", "history": fam + "/history?from=1&to=3", "source": fam + "/v/3/source#L40", "specialties": fam + "/specialties",
		"ladders": "/ladders", "grades": "/grades", "allfindings": "/findings", "releases": "/releases", "release": "/releases/3",
		"publish": "/publish", "preview": "/publish/" + string(id),
	} {
		if only := os.Getenv("ONLY"); only != "" && !strings.Contains(","+only+",", ","+name+",") {
			continue
		}
		for _, mode := range []struct {
			name   string
			width  int64
			scheme string
		}{{"light", 1280, "light"}, {"dark", 1280, "dark"}, {"narrow", 360, "light"}} {
			if only := os.Getenv("MODE"); only != "" && only != mode.name {
				continue
			}
			err := chromedp.Do(ctx, chromedp.EmulateViewport(mode.width, 800))
			if err == nil {
				_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: mode.scheme}}})
			}
			if err == nil {
				err = chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(s.URL+address), chromedp.Sleep(150*time.Millisecond))
			}
			if err != nil {
				t.Fatal(name, err)
			}
			overflow, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.documentElement.scrollWidth + "/" + innerWidth + " " + [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll") && !e.closest("pre")).slice(0,3).map(e => e.tagName + "." + e.className).join(" ")`))
			if err != nil {
				t.Fatal(name, err)
			}
			shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(name, err)
			}
			if mode.name == "narrow" {
				fmt.Println(name, overflow)
			}
			if err := os.WriteFile(dir+"/"+name+"-"+mode.name+".png", shot, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
