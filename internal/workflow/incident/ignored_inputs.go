package incident

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// IgnoredInputs returns the inputs that an existing incident does not have, as arguments of `incident update`; none if it has all of
// them. Times that the incident has are not compared: 10m means another time in each run.
func (o *Open) IgnoredInputs(i issue.Issue) []string {
	if o.worded {
		return nil
	}
	in, inc := o.Inputs, incident.Of(i, o.Labels)
	var args []string
	if in.Severity != incident.UnknownSeverity && in.Severity != inc.Severity {
		args = append(args, "-s", string(in.Severity))
	}
	if slices.ContainsFunc(in.Services, func(s string) bool { return !slices.Contains(inc.Services, s) }) {
		all := slices.Concat(inc.Services, in.Services)
		slices.Sort(all)
		args = append(args, "--service", strings.Join(slices.Compact(all), ","))
	}
	if in.Impact != "" && (inc.Record.Impact == nil || *inc.Record.Impact != in.Impact) {
		args = append(args, "--impact", in.Impact)
	}
	if in.DataLoss && !inc.Record.DataLoss {
		args = append(args, "--data-loss")
	}
	if !in.Started.IsZero() && inc.Record.StartedAt.IsZero() {
		args = append(args, "--started", in.Started.UTC().Format(time.RFC3339))
	}
	if !in.Detected.IsZero() && inc.Record.DetectedAt.IsZero() {
		args = append(args, "--detected", in.Detected.UTC().Format(time.RFC3339))
	}
	if text := strings.TrimSpace(safetext.Passage(in.Text)); text != "" && !strings.Contains(strings.ReplaceAll(i.Description,
		"\r", ""), text) {
		args = append(args, "-m", in.Text)
	}
	return args
}

// Adopted reports whether this run makes an incident of an issue that a person opened.
func (o *Open) Adopted() bool { return o.adopted }

// Exposed reports whether an existing incident should have been confidential and is not.
func (o *Open) Exposed(i issue.Issue) bool { return o.Inputs.Confidential && !i.Confidential }
