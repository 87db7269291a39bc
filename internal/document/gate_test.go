package document

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow/change"
	rules "gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// A reason outside the window has a next step, like every other. What can be done about an incident is more than waiting if it lacks something.
func TestFix(t *testing.T) {
	t.Parallel()
	g, other := change.Gate{}, issue.Issue{Ref: issue.Ref{Project: "acme/production", IID: 8}}
	g.Change.Ref = issue.Ref{Project: "acme/production", IID: 7}
	for want, r := range map[string]rules.Reason{
		"Wait until the window opens":                                                                {Kind: rules.ByWindow, Until: time.Unix(1, 0)},
		"prodctl change show acme/production#7":                                                      {Kind: rules.ByWindow},
		"Wait until acme/production#8 is mitigated":                                                  {Kind: rules.ByIncident, Issue: other, Severity: "S1"},
		"prodctl incident adopt acme/production#8":                                                   {Kind: rules.ByIncident, Issue: other, Unadopted: true},
		"To set its severity, use S1, S2, S3 or S4: prodctl incident update acme/production#8 -s S2": {Kind: rules.ByIncident, Issue: other},
	} {
		if got := fix(r, g); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
