package input

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// Word is one of a fixed set of words, such as active, all or none.
type Word struct {
	Value   string
	choices []string
}

// OneOf is one of these words, by default the first.
func OneOf(choices ...string) Word { return Word{choices[0], choices} }

// Set takes one of the words, in any letter case.
func (w *Word) Set(raw string) error {
	at := slices.IndexFunc(w.choices, func(known string) bool { return strings.EqualFold(known, strings.TrimSpace(raw)) })
	if at < 0 {
		return unknownWord("value", raw, w.choices)
	}
	w.Value = w.choices[at]
	return nil
}

// String is the word.
func (w *Word) String() string { return w.Value }

// Type is word.
func (w *Word) Type() string { return "word" }

// Candidates are all words.
func (w *Word) Candidates(context.Context, Source, string) ([]Candidate, error) {
	return fixed(w.choices), nil
}

func fixed(words []string) []Candidate {
	var list []Candidate
	for _, word := range words {
		list = append(list, Candidate{Word: word})
	}
	return list
}

// unknownWord lists the valid words and suggests the closest one.
func unknownWord(kind, raw string, known []string) error {
	text := fmt.Sprintf("invalid %s %q (use %s)", kind, raw, choices(known))
	if near := suggest.Nearest(raw, known); near != "" && len(known) > 4 && len(raw) > 2 {
		text += "; did you mean " + near + "?"
	}
	return &Invalid{Err: fmt.Errorf("%s", text), Forms: known}
}

// fewWords is how many words a message lists.
const fewWords = 12

// choices is "a, b or c", and of many words how many there are, with the first three.
func choices(words []string) string {
	if len(words) > fewWords {
		return fmt.Sprintf("one of %d, such as %s", len(words), joined(words[:3]))
	}
	return joined(words)
}

// joined is "a, b or c".
func joined(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// Enum is a value of a type of the rules, such as a severity. K defines its words and how they are parsed.
type Enum[T ~string, K kind[T]] struct{ Value T }

type kind[T any] interface {
	name() string
	words() []Candidate
	parse(raw string) (T, error)
}

// Set parses one of the words, in every spelling that the rules allow. Blanks mean no input: they come from unset variables in a pipeline.
func (e *Enum[T, K]) Set(raw string) error {
	var zero T
	if e.Value = zero; strings.TrimSpace(raw) == "" {
		return nil
	}
	var k K
	parsed, err := k.parse(raw)
	if err != nil {
		var known []string
		for _, c := range k.words() {
			known = append(known, c.Word)
		}
		return unknownWord(k.name(), raw, known)
	}
	e.Value = parsed
	return nil
}

// String is the word, empty for no input.
func (e *Enum[T, K]) String() string { return string(e.Value) }

// Type is the name of the kind.
func (e *Enum[T, K]) Type() string { var k K; return k.name() }

// Candidates are all words with their meanings.
func (e *Enum[T, K]) Candidates(context.Context, Source, string) ([]Candidate, error) {
	var k K
	return k.words(), nil
}

// Values are the values of a list of enums.
func Values[T ~string, K kind[T]](list []Enum[T, K]) []T {
	var out []T
	for _, e := range list {
		out = append(out, e.Value)
	}
	return out
}
