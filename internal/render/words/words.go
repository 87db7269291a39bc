// Package words names values in the same way on every page, in every table and in every file: instants and periods on a clock,
// lengths of time, numbers with their nouns, and the states of incidents and changes with how good or bad they are.
//
// Start with [Clock] and states.go. Nothing here is laid out.
package words

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Count is a number with its noun: "1 issue", "2 issues".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Where names a place in a sentence: "project acme/infrastructure".
func Where(in jsonv1.Target) string { return strings.TrimSpace(in.Kind + " " + in.Path) }

// OrNone is a text, or that there is none.
func OrNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// Quoted puts a name in quotation marks; what is in it is not escaped, since a page does that.
func Quoted(s string) string { return `"` + s + `"` }

// Mentions are user names as they are written in GitLab.
func Mentions(users []string) string {
	names := make([]string, len(users))
	for i, u := range users {
		names[i] = "@" + u
	}
	return strings.Join(names, " ")
}
