package app

import (
	"context"

	"github.com/cadre-hq/cadre/internal/fault"
)

// FirstLink returns the path of a page on which whoever opens it becomes the
// first administrator, once. It is empty if there are accounts already.
func (a *App) FirstLink(ctx context.Context) (string, error) {
	isNew, err := a.accounts.IsNew(ctx)
	if err != nil || !isNew {
		return "", err
	}
	secret, err := a.accounts.FirstLink(ctx)
	if fault.KindOf(err) == fault.Conflict && err != nil {
		return "", nil // somebody was faster
	}
	if err != nil {
		return "", err
	}
	return "/first/" + secret.Reveal(), nil
}
