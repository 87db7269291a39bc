package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// count is a number with its noun: "1 issue", "2 issues".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// where names a place in a sentence: "project acme/infrastructure".
func where(in jsonv1.Target) string { return strings.TrimSpace(in.Kind + " " + in.Path) }

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// quoted puts a name in quotation marks; what is in it is not escaped, since a page does that.
func quoted(s string) string { return `"` + s + `"` }

// mentions are user names as they are written in GitLab.
func mentions(users []string) string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = "@" + u
	}
	return strings.Join(names, " ")
}

// notes are a document's notes as sentences below its table.
func notes(list []string) []string {
	sentences := make([]string, len(list))
	for i, n := range list {
		sentences[i] = "note: " + n
	}
	return sentences
}
