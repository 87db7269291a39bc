package approval

import (
	"path"
	"slices"
	"strings"
)

// covers reports whether the rule covers any of the files. Unknown files count as covered.
func (r Repository) covers(files []string) bool {
	if len(files) == 0 || len(r.Paths) == 0 {
		return true
	}
	return slices.ContainsFunc(files, func(file string) bool {
		return slices.ContainsFunc(r.Paths, func(glob string) bool { return Match(glob, file) })
	})
}

// Match reports whether a glob matches a file, by its path from the root of the repository: * and ? match characters within one folder or
// file name, [a-z] matches one of several, and ** matches any number of folders, or none.
// An invalid glob matches every file, so a mistake in it hides nothing.
func Match(glob, file string) bool {
	parts, names := strings.Split(glob, "/"), strings.Split(strings.TrimPrefix(file, "/"), "/")
	row := make([]bool, len(names)+1) // row[n]: the parts so far match the first n names
	row[0] = true
	for _, part := range parts {
		next := make([]bool, len(names)+1)
		if part == "**" {
			next[0] = row[0]
		}
		for n, name := range names {
			if part == "**" {
				next[n+1] = row[n+1] || next[n]
				continue
			}
			fits, err := path.Match(part, name)
			if err != nil {
				return true
			}
			next[n+1] = row[n] && fits
		}
		row = next
	}
	return row[len(names)]
}
