package incident

import (
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Unsaid is what was typed to open an incident that was there already, and that it does not say: the words of an update that
// says it. Nothing where it says all of it. Times are not compared, since 10m is another time whenever it is typed.
func (o *Open) IgnoredInputs(i issue.Issue) []string {
	in, inc := o.Inputs, incident.Of(i, o.Labels)
	var words []string
	if in.Severity != incident.UnknownSeverity && in.Severity != inc.Severity {
		words = append(words, "-s", string(in.Severity))
	}
	if slices.ContainsFunc(in.Services, func(s string) bool { return !slices.Contains(inc.Services, s) }) {
		all := slices.Concat(inc.Services, in.Services)
		slices.Sort(all)
		words = append(words, "--service", strings.Join(slices.Compact(all), ","))
	}
	if in.Impact != "" && (inc.Record.Impact == nil || *inc.Record.Impact != in.Impact) {
		words = append(words, "--impact", in.Impact)
	}
	if in.DataLoss && !inc.Record.DataLoss {
		words = append(words, "--data-loss")
	}
	if text := strings.TrimSpace(safetext.Passage(in.Text)); text != "" && !strings.Contains(strings.ReplaceAll(i.Description,
		"\r", ""), text) {
		words = append(words, "-m", in.Text)
	}
	return words
}

// Exposed reports whether an incident that was to be confidential was there already and is not.
func (o *Open) Exposed(i issue.Issue) bool { return o.Inputs.Confidential && !i.Confidential }
