package store

import (
	"strconv"
	"strings"
)

// NoFineGrained is the answer to a fine-grained token where there are none.
const NoFineGrained = "Granular tokens are not yet supported"

// HasFineGrained reports whether the claimed version has fine-grained tokens: 18.10 is the first.
func (i Instance) HasFineGrained() bool {
	parts := strings.SplitN(i.Version, ".", 3)
	if len(parts) < 2 {
		return false
	}
	major, err := strconv.Atoi(parts[0])
	minor, other := strconv.Atoi(parts[1])
	return err == nil && other == nil && (major > 18 || major == 18 && minor >= 10)
}
