// Package emoji has the names of the emoji that GitLab knows. Start with Name. Who reacts to what is not here but in
// packages note and store.
package emoji

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"strings"
	"sync"
)

// zipped has one emoji a line: its name, then its aliases. The names are those of GitLab's own list, which joins the
// short names of Gemojione 3.3 with the names of Unicode up to version 16.
//
//go:embed names.txt.gz
var zipped []byte

// names maps names and aliases to names.
var names = sync.OnceValue(func() map[string]string {
	unzipped, err := gzip.NewReader(bytes.NewReader(zipped))
	if err != nil {
		panic("fakegitlab: the embedded emoji names are broken: " + err.Error())
	}
	all := map[string]string{}
	for lines := bufio.NewScanner(unzipped); lines.Scan(); {
		name, _, _ := strings.Cut(lines.Text(), " ")
		for word := range strings.FieldsSeq(lines.Text()) {
			all[word] = name
		}
	}
	return all
})

// Name returns the name under which GitLab stores an emoji, which is given by a name or an alias, with or without
// colons. ok is false if GitLab has no such emoji.
func Name(alias string) (name string, ok bool) {
	if inner, open := strings.CutPrefix(alias, ":"); open {
		if inner, closed := strings.CutSuffix(inner, ":"); closed {
			alias = inner
		}
	}
	name, ok = names()[alias]
	return name, ok
}
