package words

import (
	"fmt"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Older says how many issues in progress are older than most of the finished ones took.
func Older(doc jsonv1.Flow) string {
	switch {
	case doc.Cycle.Sample == 0:
		return "no finished issue to compare with"
	case doc.Older == 0:
		return "no issue in progress is older than 85 % of what you finish"
	case doc.Older == 1:
		return "1 issue is older than 85 % of what you finish"
	}
	return fmt.Sprintf("%d issues are older than 85 %% of what you finish", doc.Older)
}

// Toil compares the share of toil with the aim, in a sentence; nothing without an aim.
func Toil(doc jsonv1.LabelReport) []string {
	switch t := doc.Toil; {
	case t == nil || t.Percent == "":
		return nil
	case t.Above:
		return []string{fmt.Sprintf("Toil is %s of all issues, above the aim of %s %%.", Percent(t.Percent), t.Aim)}
	default:
		return []string{fmt.Sprintf("Toil is %s of all issues, within the aim of %s %%.", Percent(t.Percent), t.Aim)}
	}
}
