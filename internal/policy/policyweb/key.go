package policyweb

import (
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
)

// keyText returns the place of a decision as it stands in an address.
func keyText(k chosen.Key) string {
	return strconv.FormatInt(k.Since.UnixMicro(), 10) + "-" + k.ID
}

// parseKey reads a place that keyText wrote.
func parseKey(text string) (*chosen.Key, error) {
	micros, id, _ := strings.Cut(text, "-")
	n, err := strconv.ParseInt(micros, 10, 64)
	if err != nil || id == "" {
		return nil, fault.New(fault.Invalid, "this is no page of the history")
	}
	return &chosen.Key{Since: time.UnixMicro(n).UTC(), ID: id}, nil
}
