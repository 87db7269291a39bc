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

// Scale lists the valid weights of an issue (handbook, Planning to Ready: the Fibonacci scale).
var Scale = []int{1, 2, 3, 5, 8, 13, 21}

// TooBig is the lowest weight of an issue that must be split before somebody works on it.
const TooBig = 8

// Reason is one reason why an issue is not ready.
type Reason struct {
	ID   string // "weight-missing", "weight-scale", "weight-split", "criteria-missing", "timebox"
	Text string // what is missing and how to fix it; lower case, no full stop
}

// Unready returns the reasons why an issue is not ready to pull, or nil if it is. A ready issue has a weight on the scale and below
// [TooBig], done criteria or guiding notes in the description, and a size that fits one timebox. The size cannot be measured, but an
// issue with the meta label is declared to be larger. The weight is the issue's field, or on editions without it a weight::N label.
func Unready(i issue.Issue, meta string) []Reason {
	var reasons []Reason
	switch weight := milestone.WeightOf(i); {
	case weight == 0:
		reasons = append(reasons, Reason{"weight-missing", "no weight (set 1, 2, 3 or 5, as a weight or as a label weight::N)"})
	case !slices.Contains(Scale, weight):
		reasons = append(reasons, Reason{"weight-scale", fmt.Sprintf("weight %d is not on the scale %s", weight, scale())})
	case weight >= TooBig:
		reasons = append(reasons, Reason{"weight-split", fmt.Sprintf("weight %d is too large (split it into issues below %d)", weight, TooBig)})
	}
	if !described(i.Description) {
		reasons = append(reasons, Reason{"criteria-missing", "no done criteria or guiding notes in the description"})
	}
	if meta != "" && i.Has(meta) {
		reasons = append(reasons, Reason{"timebox",
			fmt.Sprintf("label %q means that it does not fit one timebox (split it into linked issues)", meta)})
	}
	return reasons
}

func scale() string { return strings.Trim(strings.ReplaceAll(fmt.Sprint(Scale), " ", ", "), "[]") }

var comment = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`) })

// described reports whether a description has content: at least three words outside of headings and HTML comments, which an empty
// template consists of, and of what prodctl writes. Bullets, empty check boxes and rules do not count as words.
func described(text string) bool {
	words := 0
	for line := range strings.Lines(recorded().ReplaceAllString(comment().ReplaceAllString(text, ""), "")) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "/") || issue.Lead(line) {
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

// recorded matches a record: a fenced block with the info string yaml prodctl/KIND.
var recorded = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?ms)^ {0,3}```+ *ya?ml +prodctl/.*?(?:^ {0,3}```+ *$|\\z)")
})

// checkbox matches the box of a task list. The x in a ticked one does not count as a word.
var checkbox = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:[-*+]|\d+[.)])\s*(?:\[[ xX~]\])?`) })
