package incident

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/runner"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// ignoredInputs reports the inputs that were not added to an incident that already existed, so that no input in an outage is
// lost in silence. It is an error if that incident should have been confidential and is not.
func ignoredInputs(s *app.Session, planner *flow.Open, i issue.Issue) error {
	if planner.Exposed(i) {
		return fault.New(fault.Partial, "To open a confidential one: "+runner.Shareable(s, runner.RetryAsNew(s), runner.ShortAsNew, true),
			"%s already exists and is not confidential: none of your input was added", i.Ref)
	}
	if label := planner.Labels.Incident; !planner.Labels.Is(i) && !planner.Adopted() {
		return fault.New(fault.Partial, "Ask somebody with the Planner or Reporter role to set the label",
			"%s already exists, but is in no list of incidents: it has no label %q", i.Ref, label)
	}
	args := planner.IgnoredInputs(i)
	if len(args) == 0 {
		return nil
	}
	for n := range args {
		args[n] = fault.Quote(args[n])
	}
	line := fmt.Sprintf("prodctl incident update %d", i.Ref.IID)
	s.Notef("Not all of your input is in %s. To add it: %s", i.Ref, runner.Shareable(s, line+" "+strings.Join(args, " "),
		line+" with the same flags", i.Confidential))
	return nil
}
