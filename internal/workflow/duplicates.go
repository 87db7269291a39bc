package workflow

import (
	"cmp"
	"context"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Duplicate is an issue that was opened twice.
type Duplicate struct {
	Issue    issue.Issue
	Original issue.Issue // the one that stays
	Key      string      // what --key has to be to retire it; empty if the key is stored as a hash
}

// Duplicates finds the issues that carry the key of another one and were created at about the same time. A key that is made of words counts
// only with the same title: somebody else may have put it there.
func Duplicates(issues []issue.Issue) (found []Duplicate) {
	originals := map[idempotency.Key]issue.Issue{}
	for _, i := range stable.Sorted(issues, func(a, b issue.Issue) int { return cmp.Compare(a.ID, b.ID) }) {
		key, ok := idempotency.Read(i.Description)
		if !ok {
			continue
		}
		original, known := originals[key]
		switch {
		case !known || !idempotency.Simultaneous(original.CreatedAt, i.CreatedAt):
			originals[key] = i
		case madeOfWords(key.Name()) && !issue.SameTitle(original.Title, i.Title):
		case original.ID != i.ID:
			d := Duplicate{Issue: i, Original: original}
			if !strings.HasPrefix(key.Name(), "sha256:") {
				d.Key = key.Name()
			}
			found = append(found, d)
		}
	}
	return found
}

// ChosenKey reports whether the name of a key was given by a caller, and so may reveal what its issue is about.
func ChosenKey(name string) bool { return !madeOfWords(name) }

// madeOfWords reports whether the name of a key was made by [Keys], not given by a caller.
func madeOfWords(name string) bool {
	return strings.HasPrefix(name, "auto-") || strings.HasPrefix(name, "ci-")
}

// OpenIssues lists the open issues of a project with a label.
func OpenIssues(ctx context.Context, read IssueLister, project, label string) ([]issue.Issue, error) {
	var all []issue.Issue
	for i, err := range read.Issues(ctx, target.ProjectAt(project), issue.Query{State: issue.Opened, Labels: []string{label}}) {
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	return all, nil
}
