package manifest

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// didYouMean is ": did you mean x?" for the known word nearest to a mistyped one, or nothing when none is near.
func didYouMean(word string, known []string) string {
	best := suggest.Nearest(word, known)
	if best == "" {
		return ""
	}
	return ": did you mean " + best + "?"
}

// elsewhere tells where in such a file an unknown key would be known, after the nearest one that is known here.
func (r *reader) elsewhere(key string, known []string) string {
	if near := didYouMean(key, known); near != "" {
		return near
	}
	if r.known == nil {
		return ""
	}
	for _, full := range r.known() {
		if above, ok := strings.CutSuffix(full, "."+key); ok {
			return ": it belongs below " + strings.TrimSuffix(strings.TrimSuffix(above, itemsOfList), itemsOfMap)
		}
		if full == key {
			return ": it belongs to the outermost level"
		}
	}
	return ""
}
