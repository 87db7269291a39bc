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

// unmentioned tells what was typed and is not in the incident that was there already, so that nothing typed in an outage is lost
// in silence. That all may see one that was to be confidential is an error.
func unmentioned(s *app.Session, planner *flow.Open, i issue.Issue) error {
	if planner.Exposed(i) {
		return fault.New(fault.Partial, "to open another one that is: "+runner.Shareable(s, runner.RetryAsNew(s), runner.ShortAsNew,
			true), "%s was there already and is not confidential: nothing of what you typed was written there", i.Ref)
	}
	if label := planner.Labels.Incident; !i.Has(label) {
		return fault.New(fault.Partial, "let somebody set it who has the role Planner, or Reporter and above",
			"%s was there already, but without the label %q no list of incidents shows it", i.Ref, label)
	}
	words := planner.IgnoredInputs(i)
	if len(words) == 0 {
		return nil
	}
	for n := range words {
		words[n] = fault.Quote(words[n])
	}
	line := fmt.Sprintf("prodctl incident update %d", i.Ref.IID)
	s.Notef("%s does not say all that you typed; to add it: %s", i.Ref, runner.Shareable(s, line+" "+strings.Join(words, " "),
		line+" with what you typed", i.Confidential))
	return nil
}
