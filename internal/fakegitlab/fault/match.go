package fault

import (
	"net/url"
	"slices"
	"strings"
)

func (f Fault) matches(method, path, query string) bool {
	if f.Method != "ANY" && f.Method != "" && f.Method != method {
		return false
	}
	pattern, wanted, narrowed := strings.Cut(f.Path, "?")
	return globMatch(pattern, path) && (!narrowed || queryMatch(wanted, query))
}

// namesParameters reports whether queryMatch can read the part of the path after "?".
func namesParameters(path string) bool {
	_, wanted, narrowed := strings.Cut(path, "?")
	for _, one := range strings.Split(wanted, "&") {
		if name, _, _ := strings.Cut(one, "="); narrowed && name == "" {
			return false
		}
	}
	return true
}

// queryMatch reports whether the query has all wanted parameters. The name of a list may be written with or without
// its brackets.
func queryMatch(wanted, query string) bool {
	given, _ := url.ParseQuery(query) // a malformed query counts as far as it can be parsed
	for _, one := range strings.Split(wanted, "&") {
		name, pattern, valued := strings.Cut(one, "=")
		values := slices.Concat(given[name], given[name+"[]"])
		if !slices.ContainsFunc(values, func(v string) bool { return !valued || globMatch(pattern, v) }) {
			return false
		}
	}
	return true
}

// globMatch reports whether the whole path matches pattern, where "*" matches any run without "/" and "**" any run.
func globMatch(pattern, path string) bool {
	if pattern == "**" {
		return true
	}
	// reach[i] means that the pattern read so far can end just before path[i].
	reach := make([]bool, len(path)+1)
	reach[0] = true
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '*' {
			for j := len(path); j > 0; j-- {
				reach[j] = reach[j-1] && path[j-1] == pattern[i]
			}
			reach[0] = false
			continue
		}
		crosses := i+1 < len(pattern) && pattern[i+1] == '*'
		if crosses {
			i++
		}
		for j := 1; j <= len(path); j++ {
			reach[j] = reach[j] || reach[j-1] && (crosses || path[j-1] != '/')
		}
	}
	return reach[len(path)]
}
