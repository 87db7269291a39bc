package form

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
)

// Secret is a title. The mark of a confidential one comes first, where it is not cut.
func Secret(title string, confidential, withheld bool) layout.Cell {
	switch {
	case withheld:
		return layout.Both(words.HiddenTitle, "")
	case confidential:
		return layout.Both(words.HiddenTitle+" "+title, title)
	}
	return layout.Text(title)
}

// Titled is an issue at the start of a line.
func Titled(ref, title string, confidential, withheld bool) layout.Line {
	spans := []layout.Span{layout.As(layout.Strong, ref)}
	if confidential || withheld {
		spans = append(spans, layout.T(" "), layout.As(layout.Warn, words.HiddenTitle))
	}
	if title != "" && !withheld {
		spans = append(spans, layout.T(" "+title))
	}
	return layout.Unindented(spans...)
}

// Listed is a list of words in one cell.
func Listed(list []string) layout.Cell { return layout.Text(strings.Join(list, ", ")) }

// People are user names: mentions for people, names alone for programs.
func People(users []string) layout.Cell {
	return layout.Both(words.Mentions(users), strings.Join(users, " "))
}

// Counting is the number of sentences for people, who read them elsewhere, and the sentences themselves for programs.
func Counting(list []string) layout.Cell {
	if len(list) == 0 {
		return layout.Text("")
	}
	return layout.Cell{Span: layout.As(layout.Warn, fmt.Sprint(len(list))), Data: strings.Join(list, "; ")}
}

// Maybe is empty if unknown.
func Maybe(b *bool) layout.Cell {
	if b == nil {
		return layout.Text("")
	}
	return layout.Text(fmt.Sprint(*b))
}
