package cli

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// unsaid tells what was typed and is not in the incident that was there already, so that nothing typed in an outage is lost in silence. That all may see
// one that was to be confidential is an error.
func (e *Env) unsaid(planner *workflow.IncidentOpen, i issue.Issue) error {
	if planner.Exposed(i) {
		return fault.New(fault.Partial, "to open another one that is: "+e.withNew(), "%s was there already and is not confidential: nothing of what you typed was written there", i.Ref)
	}
	words := planner.Unsaid(i)
	if len(words) == 0 {
		return nil
	}
	for n := range words {
		words[n] = quote(words[n])
	}
	e.Notef("%s does not say all that you typed; to add it: %s", i.Ref, fmt.Sprintf("prodctl incident update %d %s", i.Ref.IID, strings.Join(words, " ")))
	return nil
}

// withNew is the command line that opens another one.
func (e *Env) withNew() string {
	var words []string
	for n, arg := range e.args {
		if arg != "--key" && !strings.HasPrefix(arg, "--key=") && (n == 0 || e.args[n-1] != "--key") {
			words = append(words, quote(arg))
		}
	}
	return "prodctl " + strings.Join(words, " ") + " --new"
}
