package orgweb

import (
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// publicChart shows visitors the names and titles of the organisation, if it
// wants that. Who is signed in sees the tree.
func (h *pages) publicChart(w http.ResponseWriter, r *http.Request) error {
	c, err := h.org.PublicChart(r.Context())
	if err != nil {
		return err
	}
	if auth.From(r.Context()).IsKnown() {
		return web.Redirect(w, r, "/org")
	}
	var twigs []ui.Twig
	for i := range c.Nodes {
		if c.Nodes[i].Parent < 0 {
			twigs = append(twigs, plainTwig(c, i))
		}
	}
	return web.Show(w, r, publicPage(twigs))
}
