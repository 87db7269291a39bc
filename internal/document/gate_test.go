package document

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow/change"
	rules "gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// A reason outside the window has a next step, like every other.
func TestFixOutsideTheWindow(t *testing.T) {
	t.Parallel()
	g := change.Gate{}
	g.Change.Ref = issue.Ref{Project: "acme/production", IID: 7}
	for want, r := range map[string]rules.Reason{
		"Wait until the window opens":           {Kind: rules.ByWindow, Until: time.Unix(1, 0)},
		"prodctl change show acme/production#7": {Kind: rules.ByWindow},
	} {
		if got := fix(r, g); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
