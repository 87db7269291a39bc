package document_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// A note about duplicates has neither the title nor the chosen key of a confidential issue. A key that prodctl made reveals nothing.
func TestDuplicatesOfAConfidentialIssue(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{"vault-leak": false, "auto-20180824-dbc41aeac1f9": true} {
		of := func(iid int64, confidential bool) issue.Issue {
			return issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: iid}, Title: "2018-08-24: The vault leaks", Confidential: confidential}
		}
		got := strings.Join(document.Duplicates([]workflow.Duplicate{{Issue: of(2, true), Original: of(1, true), Key: key}}, "prodctl incident open"), "\n")
		if strings.Contains(got, "vault") || strings.Contains(got, key) != want || !strings.Contains(got, "acme/production#2 is a duplicate of acme/production#1") {
			t.Errorf("%s: %s", key, got)
		}
		got = strings.Join(document.Duplicates([]workflow.Duplicate{{Issue: of(2, false), Original: of(1, false), Key: key}}, "prodctl incident open"), "\n")
		if !strings.Contains(got, "'The vault leaks' --key "+key) {
			t.Errorf("public, %s: %s", key, got)
		}
	}
}
