package board

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Scale are the weights that an issue can have (handbook, Planning to Ready: the Fibonacci scale).
var Scale = []int{1, 2, 3, 5, 8, 13, 21}

// TooBig is the weight from which an issue is split before it is worked on.
const TooBig = 8

// Reason is one thing that keeps an issue from being ready.
type Reason struct {
	ID   string // "weight-missing", "weight-scale", "weight-split", "criteria-missing", "timebox"
	Text string // what is missing and what to do, lower case, no full stop
}

// Unready lists what an issue lacks to be ready to pull, nothing when it is ready:
// a weight of the scale and below [TooBig], done-criteria or guiding notes in the description, and a size that
// fits one timebox. The last cannot be measured; an issue that carries the meta label is larger by its own account.
// The weight comes from the issue's field or, where the edition has none, from a weight::N label.
func Unready(i issue.Issue, meta string) []Reason {
	var reasons []Reason
	switch weight := milestone.WeightOf(i); {
	case weight == 0:
		reasons = append(reasons, Reason{"weight-missing", "it has no weight: set one of " + scale() + ", as a weight or a weight::N label"})
	case !slices.Contains(Scale, weight):
		reasons = append(reasons, Reason{"weight-scale", fmt.Sprintf("its weight %d is not on the scale %s", weight, scale())})
	case weight >= TooBig:
		reasons = append(reasons, Reason{"weight-split", fmt.Sprintf("its weight is %d: split it into issues below %d", weight, TooBig)})
	}
	if !described(i.Description) {
		reasons = append(reasons, Reason{"criteria-missing", "its description has no criteria of done and no guiding notes"})
	}
	if meta != "" && i.Has(meta) {
		reasons = append(reasons, Reason{"timebox",
			fmt.Sprintf("it is labelled %s, so it does not fit one timebox: slice it into linked issues", meta)})
	}
	return reasons
}

func scale() string { return strings.Trim(strings.ReplaceAll(fmt.Sprint(Scale), " ", ", "), "[]") }

var comment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`) })

// described reports whether a description says anything: at least three words outside headings and HTML comments,
// which are what an empty template consists of. Bullets, empty check boxes and rules are no words.
func described(text string) bool {
	words := 0
	for line := range strings.Lines(comment().ReplaceAllString(text, "")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "/") {
			continue
		}
		for word := range strings.FieldsSeq(checkbox().ReplaceAllString(line, "")) {
			if strings.ContainsFunc(word, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
				words++
			}
		}
	}
	return words >= 3
}

// checkbox matches the box of a task list, ticked or not: the x in it is no word.
var checkbox = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[-*+]|\d+[.)])\s*(?:\[[ xX~]\])?`) })
