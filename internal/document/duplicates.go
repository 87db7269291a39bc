package document

import (
	"fmt"
	"regexp"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Duplicates returns notes about issues that were opened twice, each with what retires it. With a title, command opens the same issue again
// and so retires it; other issues need all words of the command that opened them.
func Duplicates(list []workflow.Duplicate, command string) (notes []string) {
	for _, d := range list {
		how := "run the command that opened it again"
		switch {
		case d.Key != "" && command != "" && !d.Original.Confidential:
			title := datedTitle().ReplaceAllString(d.Original.Title, "")
			how = "run: " + command + " " + fault.Quote(title) + " --key " + fault.Quote(d.Key)
		case d.Key != "" && !(d.Original.Confidential && workflow.ChosenKey(d.Key)):
			how += " with --key " + fault.Quote(d.Key)
		}
		notes = append(notes, fmt.Sprintf("%s is a duplicate of %s. To retire it, %s", d.Issue.Ref, d.Original.Ref, how))
	}
	return notes
}

// DuplicatesOf returns those of [Duplicates] that an issue is part of.
func DuplicatesOf(list []workflow.Duplicate, ref issue.Ref, command string) []string {
	var own []workflow.Duplicate
	for _, d := range list {
		if d.Issue.Ref == ref || d.Original.Ref == ref {
			own = append(own, d)
		}
	}
	return Duplicates(own, command)
}

// datedTitle matches the date that incidents have before their title.
var datedTitle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\d{4}-\d{2}-\d{2}: `) })
