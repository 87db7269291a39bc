package workflow

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// fingerprint is what a plan remembers of an object it was made from.
func fingerprint(object string, fields ...any) plan.Seen {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q", fields))
	return plan.Seen{Object: object, Digest: hex.EncodeToString(sum[:8])}
}

func seenMilestone(m milestone.Milestone) plan.Seen {
	return fingerprint(fmt.Sprintf("milestone %d", m.ID), m.Title, m.Description, string(m.State), m.Start.String(), m.Due.String())
}

func seenIssue(i issue.Issue) plan.Seen {
	return fingerprint("issue "+i.Ref.String(), string(i.State), fmt.Sprint(i.MilestoneID), strings.Join(i.Labels, ","))
}

// sortSeen puts fingerprints into one order, each object once.
func sortSeen(list []plan.Seen) []plan.Seen {
	slices.SortFunc(list, func(a, b plan.Seen) int { return strings.Compare(a.Object, b.Object) })
	return slices.Compact(list)
}
