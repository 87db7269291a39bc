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
