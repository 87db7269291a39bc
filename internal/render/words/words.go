// Package words formats values the same way on every page, in every table and in every file: instants and periods, durations,
// percentages, numbers with their nouns, and the states of incidents and changes with a style for how bad they are.
//
// Start with [Clock], [Count] and states.go. Layout does not belong here.
package words

import (
	"fmt"
	"math/big"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Count formats a number with its noun: "1 issue", "2 issues".
func Count(n int, noun string) string { return fmt.Sprintf("%d %s", n, Noun(n, noun)) }

// CountOf formats the number of entries that a limit left in a list: "5 of 40 issues", or "5 issues" if it left out none.
func CountOf(n, omitted int, noun string) string {
	if omitted == 0 {
		return Count(n, noun)
	}
	return fmt.Sprintf("%d of %s", n, Count(n+omitted, noun))
}

// More is the sentence below a list that was cut. how shows all of it: a command, or a flag.
func More(n int, how string) string { return fmt.Sprintf("%d more. To see all: %s", n, how) }

// Noun returns a noun in the form that goes with a number: "issue" for 1, else "issues".
func Noun(n int, noun string) string {
	if n == 1 {
		return noun
	}
	if strings.HasSuffix(noun, "x") {
		return noun + "es"
	}
	return noun + "s"
}

// Where names a target in a sentence: "project acme/infrastructure".
func Where(in jsonv1.Target) string { return strings.TrimSpace(in.Kind + " " + in.Path) }

// OrNone returns s, or "none" if it is empty.
func OrNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// List joins names in a sentence: "a, b and c".
func List(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// Quoted puts a name in quotation marks. It does not escape the name, because the page does that.
func Quoted(s string) string { return `"` + s + `"` }

// Mentions formats user names as GitLab writes them: @ana @bo. The accounts of tokens, which are named otherwise, come last.
func Mentions(users []string) string {
	var people, others []string
	for _, u := range users {
		if name := account.Name(u); strings.HasPrefix(name, "@") {
			people = append(people, name)
		} else {
			others = append(others, name)
		}
	}
	if len(people) > 0 {
		others = append([]string{strings.Join(people, " ")}, others...)
	}
	return strings.Join(others, ", ")
}

// Percent formats an exact decimal of a percentage for people: "66.9" as "67 %", "4.25" as "4.3 %". From
// 10 on it has no decimals, below that one at most. Only a full 100 is shown as "100 %", because that means that nothing is missing.
func Percent(exact string) string {
	value, ok := new(big.Rat).SetString(exact)
	if !ok || value.Sign() < 0 {
		return exact + " %"
	}
	digits := 0
	if value.Cmp(big.NewRat(10, 1)) < 0 {
		digits = 1
	}
	text := value.FloatString(digits)
	switch {
	case text == "100" && value.Cmp(big.NewRat(100, 1)) < 0:
		text = "99"
	case text == "10.0":
		text = "10"
	case digits == 1:
		text = strings.TrimSuffix(text, ".0")
	}
	return text + " %"
}

// NoData says for how many incidents a value is unknown: "no data for 1 incident". It is empty if the value is known for all.
func NoData(missing int) string {
	if missing == 0 {
		return ""
	}
	return "no data for " + Count(missing, "incident")
}
