package manifest

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// didYouMean returns "; did you mean x?" for the known word most similar to a mistyped one, or nothing.
func didYouMean(word string, known []string) string {
	best := suggest.Nearest(word, known)
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}

// suggestion returns the most similar key that is known here, or else where in the file the key belongs.
func (r *reader) suggestion(key string, known []string) string {
	if near := didYouMean(key, known); near != "" {
		return near
	}
	if r.known == nil {
		return ""
	}
	for _, full := range r.known() {
		if above, ok := strings.CutSuffix(full, "."+key); ok {
			return " (it belongs under " + strings.TrimSuffix(strings.TrimSuffix(above, itemsOfList), itemsOfMap) + ")"
		}
		if full == key {
			return " (it belongs at the top level)"
		}
	}
	return ""
}
