package param

import "strings"

// Names reads a list of names like List, but keeps blank and repeated ones: GitLab fails on some of these.
func (p *Params) Names(name string) Opt[[]string] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[[]string]{}
	}
	all, good := splitNames(v)
	if !good {
		p.Note(name, "is invalid")
		return Opt[[]string]{}
	}
	return Opt[[]string]{Value: all, Set: true, Null: v == nil}
}

// SplitNames returns the names of a comma list, a repeated name[] or a JSON list. Each element is split at its commas;
// empty names at its end do not count.
func SplitNames(v any) []string {
	all, _ := splitNames(v)
	return all
}

// splitNames also reports whether all elements are texts, and not too many.
func splitNames(v any) (all []string, good bool) {
	items, isList := v.([]any)
	if !isList {
		items = []any{v}
	}
	for _, item := range items {
		text, isText := asText(item)
		if !isText {
			return all, false
		}
		for text = strings.TrimRight(text, ","); text != ""; {
			var part string
			part, text, _ = strings.Cut(text, ",")
			if all = append(all, strings.TrimSpace(part)); len(all) > maxElements {
				return all, false
			}
		}
	}
	return all, true
}
