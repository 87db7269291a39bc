package param

import (
	"net/url"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// The limits of a query or a form, as Rack has them.
const (
	maxForm  = 4 << 20 // bytes
	maxPairs = 4096
	maxDepth = 32 // a[b] has depth 2
)

// parseForm reads a query or form in order: a=1 sets, a[]=1 adds to a list, a[b]=1 to a hash, a[][b]=1 to a hash in a
// list, and a name without = is null. Text that is too large, nested too deeply, escaped wrongly, or contradicts
// itself (a=1&a[]=2) is refused as a whole.
func parseForm(raw string) (map[string]any, error) {
	values := map[string]any{}
	if len(raw) > maxForm || strings.Count(raw, "&") >= maxPairs {
		return values, failure.MalformedText()
	}
	for pair := range strings.SplitSeq(raw, "&") {
		if !addPair(values, strings.TrimLeft(pair, " ")) {
			return map[string]any{}, failure.MalformedText()
		}
	}
	return values, nil
}

func addPair(values map[string]any, pair string) bool {
	escaped, text, hasValue := strings.Cut(pair, "=")
	name, err := url.QueryUnescape(escaped)
	if err != nil || name == "" {
		return err == nil
	}
	var v any
	if hasValue {
		if v, err = url.QueryUnescape(text); err != nil {
			return false
		}
	}
	_, ok := place(values, name, v, 0)
	return ok
}

// place stores a value under a name with brackets. It returns the hash, or instead of it a list if the name is nothing
// but brackets. It fails if the name is nested too deeply or does not fit what is already there.
func place(hash map[string]any, name string, v any, depth int) (any, bool) {
	if depth >= maxDepth {
		return nil, false
	}
	key, after := splitName(name, depth)
	switch {
	case after == "" && key == "[]" && depth > 0:
		return []any{v}, true
	case after == "":
		hash[key] = v
	case after == "[":
		hash[name] = v
	case strings.HasPrefix(after, "[]"):
		return hash, placeInList(hash, key, after, v, depth)
	default:
		return hash, placeInHash(hash, key, after, v, depth)
	}
	return hash, true
}

// splitName cuts the first key off a name. At the beginning of the whole name brackets mean nothing.
func splitName(name string, depth int) (key, after string) {
	if depth == 0 {
		if at := strings.IndexByte(name[1:], '['); at >= 0 {
			return name[:at+1], name[at+1:]
		}
		return name, ""
	}
	if strings.HasPrefix(name, "[]") {
		return "[]", name[2:]
	}
	if inside, ok := strings.CutPrefix(name, "["); ok {
		if key, after, ok := strings.Cut(inside, "]"); ok {
			return key, after
		}
	}
	return name, ""
}

func placeInHash(hash map[string]any, key, after string, v any, depth int) bool {
	if hash[key] == nil {
		hash[key] = map[string]any{}
	}
	inner, ok := hash[key].(map[string]any)
	if ok {
		hash[key], ok = place(inner, after, v, depth+1)
	}
	return ok
}

// placeInList adds a value to a list. A hash in a list is filled until a key comes that it already has.
func placeInList(hash map[string]any, key, after string, v any, depth int) bool {
	if hash[key] == nil {
		hash[key] = []any{}
	}
	list, ok := hash[key].([]any)
	if !ok {
		return false
	}
	if after == "[]" {
		hash[key] = append(list, v)
		return true
	}
	child := childOf(after)
	if len(list) > 0 {
		if last, isHash := list[len(list)-1].(map[string]any); isHash && !hasKey(last, child) {
			_, ok = place(last, child, v, depth+1)
			return ok
		}
	}
	item, ok := place(map[string]any{}, child, v, depth+1)
	hash[key] = append(list, item)
	return ok
}

// childOf returns the name inside a list: y for [][y], and what follows [] for anything else.
func childOf(after string) string {
	rest := after[len("[]"):]
	if inner, ok := strings.CutPrefix(rest, "["); ok {
		if key, ok := strings.CutSuffix(inner, "]"); ok && key != "" && !strings.ContainsAny(key, "[]") {
			return key
		}
	}
	return rest
}

// hasKey reports whether the hash has a value at a name with brackets.
func hasKey(hash map[string]any, name string) bool {
	if strings.Contains(name, "[]") {
		return false
	}
	var v any = hash
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '[' || r == ']' }) {
		inner, ok := v.(map[string]any)
		if !ok {
			return false
		}
		if v, ok = inner[part]; !ok {
			return false
		}
	}
	return true
}
