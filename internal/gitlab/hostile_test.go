package gitlab

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Text that passed through safetext is stored as it was sent, and no quick action in it is run; the same text without
// safetext would be.
func TestQuickActionsInTextAreNotRun(t *testing.T) {
	t.Parallel()
	hostile := []string{
		"/close", "text\n/close", "text\n\r/close", "```\ncode\n```\n/close", "````\n```\n/close\n````\n/close\n",
		"> quote\n\n/close", "<div>\n\n/close\n</div>", "/label ~toil\n/unlabel\n/title taken\n/confidential\n/close now", "/shrug", "x\n\n\n/CLOSE\n",
	}
	l := newLab(t, nil)
	c := l.as(t, "developer", nil)
	for _, text := range hostile {
		raw, err := c.postIssue(t.Context(), "acme/infra", issue.Draft{Title: "raw", Description: text})
		if err == nil && safetext.Same(text, raw.Description) {
			t.Errorf("%q does not run a quick action", text)
		}
		for name, safe := range map[string]string{
			"prose": safetext.Prose(text), "quote": safetext.Quote(text), "fence": safetext.Fence(text, "text"), "within": "begin\n\n" + safetext.Prose(text) + "\n\nend",
		} {
			created, err := c.postIssue(t.Context(), "acme/infra", issue.Draft{Title: safetext.Title(text), Description: safe})
			if err != nil || !created.Open() || created.Confidential || len(created.Labels) != 0 {
				t.Errorf("%s of %q: %+v, %v", name, text, created, err)
			}
			if _, err := c.postNote(t.Context(), created.Ref, issue.NoteDraft{Body: safe}); err != nil {
				t.Errorf("%s of %q as a comment: %v", name, text, err)
			}
			if after, err := c.Issue(t.Context(), created.Ref); err != nil || !after.Open() || after.Title != strings.TrimSpace(safetext.Title(text)) {
				t.Errorf("%s of %q: %+v, %v", name, text, after, err)
			}
		}
	}
}
