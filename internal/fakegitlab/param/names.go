package param

import "strings"

// Names reads a list of names like List, but keeps what was sent: names that occur twice, and empty ones between two
// others.
func (p *Params) Names(name string) []string {
	v, ok := p.Values[name]
	if !ok {
		return nil
	}
	return SplitNames(v)
}

// SplitNames returns the names of a comma list, a repeated name[] or a JSON list. Each element is split at its commas;
// empty names at its end do not count.
func SplitNames(v any) []string {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	var all []string
	for _, item := range items {
		text, _ := asText(item)
		text = strings.TrimRight(text, ",")
		if text == "" {
			continue
		}
		for part := range strings.SplitSeq(text, ",") {
			all = append(all, strings.TrimSpace(part))
		}
	}
	return all
}
