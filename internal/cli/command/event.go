package command

import (
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

// EventOptions are the options of every command that records an event.
type EventOptions struct {
	Issue input.Issue
	Text  string
	At    input.Time
	runner.KeyFlags
}

// AddEventFlags adds the flags of a command that records an event.
func AddEventFlags(cmd *cobra.Command, o *EventOptions) {
	cmd.Flags().StringVarP(&o.Text, "message", "m", "", "`text` of the comment")
	cmd.Flags().Var(&o.At, "at", "`time` of the event: 10m (ago), 10:02, yesterday 23:50 or RFC 3339"+input.Zone)
	AddKeyFlags(cmd, &o.KeyFlags)
	cmd.Flags().Lookup("new").Usage = "record it again, even if the same input was recorded before"
	AddConfidentialFlag(cmd)
}

// When is the time of the event: --at, or now. given reports whether --at is set.
func (o EventOptions) When(now time.Time) (at time.Time, given bool) {
	if o.At.IsZero() {
		return now, false
	}
	return o.At.Time, true
}
