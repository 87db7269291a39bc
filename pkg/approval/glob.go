package approval

import (
	"path"
	"slices"
	"strings"
)

// covers reports whether any of the files is one that the rule is about. What is not known counts.
func (r Repository) covers(files []string) bool {
	if len(files) == 0 || len(r.Paths) == 0 {
		return true
	}
	return slices.ContainsFunc(files, func(file string) bool {
		return slices.ContainsFunc(r.Paths, func(glob string) bool { return Match(glob, file) })
	})
}

// Match reports whether a file, by its path from the root of a repository, is one that a glob is about:
// * and ? stand for characters within one folder or name, [a-z] for one of several, ** for any number of folders, none among them.
// A glob that is none matches every file, so that a mistake in it hides nothing.
func Match(glob, file string) bool {
	parts, names := strings.Split(glob, "/"), strings.Split(strings.TrimPrefix(file, "/"), "/")
	row := make([]bool, len(names)+1) // row[n]: the parts so far stand for the first n names
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
