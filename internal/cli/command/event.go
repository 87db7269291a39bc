package command

import (
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

// EventOptions are what every event of an incident or a change has.
type EventOptions struct {
	Issue input.Issue
	Text  string
	At    input.Time
	runner.KeyFlags
}

// AddEventFlags are those of commands that record an event; message is what --message is for.
func AddEventFlags(cmd *cobra.Command, o *EventOptions, message string) {
	cmd.Flags().StringVarP(&o.Text, "message", "m", "", message)
	cmd.Flags().Var(&o.At, "at", "`when` it happened: 10m (ago), 10:02 (UTC) or RFC 3339")
	AddKeyFlags(cmd, &o.KeyFlags)
	AddConfidentialFlag(cmd)
}

// When is when it happened: now, unless --at says otherwise.
func (o EventOptions) When(now time.Time) (at time.Time, said bool) {
	if o.At.IsZero() {
		return now, false
	}
	return o.At.Time, true
}
