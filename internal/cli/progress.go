package cli

import (
	"sync/atomic"
	"time"

	"github.com/schollz/progressbar/v3"
)

// The bar appears for work that takes longer than patience, and is drawn again
// every pace.
const (
	patience = time.Second
	pace     = 100 * time.Millisecond
)

// progress shows on a terminal how many of total pages are done. It returns a
// function that takes the number, from any goroutine, and one that removes the
// bar, which must be called. Elsewhere than on a terminal both do nothing.
func (a *app) progress(what string, total int) (report func(done int), stop func()) {
	if !a.errTerminal || a.quiet {
		return nil, func() {}
	}
	var done atomic.Int64
	ended, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		select {
		case <-ended:
			return
		case <-time.After(patience):
		}
		bar := progressbar.NewOptions(total,
			progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription(what),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
		tick := time.NewTicker(pace)
		defer tick.Stop()
		for {
			_ = bar.Set64(done.Load()) // a terminal that is gone is no reason to stop
			select {
			case <-ended:
				_ = bar.Clear()
				return
			case <-tick.C:
			}
		}
	}()
	return func(n int) { done.Store(int64(n)) }, func() {
		close(ended)
		<-gone
	}
}
