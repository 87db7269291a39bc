package render

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// This file has what pages and tables of all issues share.

// lastUpdate is the last update, or an empty one.
func lastUpdate(u *jsonv1.Update) jsonv1.Update {
	if u == nil {
		return jsonv1.Update{}
	}
	return *u
}

// secret is a title. The mark of a confidential one comes first, where it is not cut.
func secret(title string, confidential, withheld bool) cell {
	switch {
	case withheld:
		return both(words.HiddenTitle, "")
	case confidential:
		return both(words.HiddenTitle+" "+title, title)
	}
	return text(title)
}

// titled is an issue at the start of a line.
func titled(ref, title string, confidential, withheld bool) line {
	spans := []span{as(strong, ref)}
	if confidential || withheld {
		spans = append(spans, t(" "), as(warn, words.HiddenTitle))
	}
	if title != "" && !withheld {
		spans = append(spans, t(" "+title))
	}
	return unindented(spans...)
}

func relatedLines(list []jsonv1.Related) []line {
	var lines []line
	for _, r := range list {
		lines = append(lines, titled(r.Ref, r.Title, r.Confidential, false))
	}
	return lines
}

func relatedRefs(list []jsonv1.Related) []string {
	var refs []string
	for _, r := range list {
		refs = append(refs, r.Ref)
	}
	return refs
}

// problems are sentences with line and column.
func problems(list []jsonv1.Problem) []string {
	var sentences []string
	for _, p := range list {
		sentences = append(sentences, fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text))
	}
	return sentences
}

// issueState is whether the issue is open, which differs from the state of its incident or change.
func issueState(open bool) []span {
	if open {
		return []span{t("open")}
	}
	return []span{t("closed")}
}

func listed(list []string) cell { return text(strings.Join(list, ", ")) }

func people(users []string) cell {
	return both(words.Mentions(users), strings.Join(users, " "))
}

// counting is the number of sentences for people, who read them elsewhere, and the sentences themselves for programs.
func counting(list []string) cell {
	if len(list) == 0 {
		return text("")
	}
	return cellOf(as(warn, fmt.Sprint(len(list))), strings.Join(list, "; "))
}

// maybe is empty if unknown.
func maybe(b *bool) cell {
	if b == nil {
		return text("")
	}
	return text(fmt.Sprint(*b))
}
