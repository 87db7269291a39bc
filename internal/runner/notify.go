package runner

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/plan"
)

// notified says whom GitLab will tell of what a plan does (SPEC W1): none of it can be kept from them.
func notified(p plan.Plan) []string {
	var list []string
	for _, s := range p.Steps {
		switch s := s.(type) {
		case plan.CreateNote:
			list = append(list, "GitLab tells everybody who follows "+place(s.On)+" of the comment")
		case plan.UpsertNote:
			list = append(list, notifiedOf(s))
		case plan.CreateIssue:
			list = append(list, "GitLab tells everybody who follows "+s.In.Path+" of the new issue")
		case plan.AssignIssue:
			list = append(list, "GitLab tells @"+strings.Join(s.Users, ", @")+" that "+place(s.On)+" is theirs")
		}
	}
	return list
}

// notifiedOf says whom a comment that is kept tells; an edited one tells again nobody whom it named before.
func notifiedOf(s plan.UpsertNote) string {
	if !s.IdempotencyKey.Searched {
		return "GitLab tells of an edited comment only those whom it did not name before"
	}
	text := "GitLab tells everybody who follows " + place(s.On) + " of the comment"
	if names := mentions(s.Note.Body); len(names) > 0 {
		text += ", and " + strings.Join(names, ", ") + ", whom it names"
	}
	return text
}

var mentionPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^A-Za-z0-9])(@[A-Za-z0-9_][A-Za-z0-9_.-]*)`)
})

// mentions are the mentions in a text that GitLab acts on.
func mentions(text string) []string {
	var names []string
	for _, m := range mentionPattern().FindAllStringSubmatch(text, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

func place(on plan.IssueRef) string {
	if on.Created != "" {
		return "the new issue"
	}
	return on.Ref.String()
}
