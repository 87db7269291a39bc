package runner

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/plan"
)

// notifications lists whom GitLab will notify when a plan is applied (promise W1). prodctl cannot suppress these notifications.
func notifications(p plan.Plan) []string {
	var list []string
	for _, s := range p.Steps {
		switch s := s.(type) {
		case plan.CreateNote:
			if s.On.Created != "" {
				continue // the new issue is in the list
			}
			list = append(list, "GitLab notifies everyone subscribed to "+place(s.On))
		case plan.UpsertNote:
			list = append(list, upsertNotification(s))
		case plan.CreateIssue:
			list = append(list, "GitLab notifies everyone subscribed to "+s.In.Path+" of the new issue")
		case plan.AssignIssue:
			list = append(list, "GitLab notifies @"+strings.Join(s.Users, ", @")+" about the assignment of "+place(s.On))
		}
	}
	return list
}

// upsertNotification says whom a comment notifies. Editing one notifies only users who were not mentioned before.
func upsertNotification(s plan.UpsertNote) string {
	if !s.IdempotencyKey.Searched {
		return "GitLab notifies only users that the comment did not mention before"
	}
	text := "GitLab notifies everyone subscribed to " + place(s.On)
	if names := mentions(s.Note.Body); len(names) > 0 {
		text += " and mentions " + strings.Join(names, ", ")
	}
	return text
}

var mentionPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^A-Za-z0-9])(@[A-Za-z0-9_][A-Za-z0-9_.-]*)`)
})

// mentions are the mentions in a text that GitLab acts on, each once.
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
