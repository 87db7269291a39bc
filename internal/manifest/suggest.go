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
		above, ok := strings.CutSuffix(full, "."+key)
		if strings.HasSuffix(above, itemsOfList) { // a key of list items is moved with its item, not alone
			continue
		}
		if ok {
			return " (it belongs under " + strings.TrimSuffix(above, itemsOfMap) + ")"
		}
		if full == key {
			return " (it belongs at the top level)"
		}
	}
	return ""
}
