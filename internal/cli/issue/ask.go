package issue

import (
	"context"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/manifest"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

// requestDialog is what `issue request` asks without a title.
func requestDialog() command.Dialog {
	return command.Dialog{Trackers: []string{manifest.Infrastructure}, Questions: []command.Question{
		{Text: "Title", Required: command.Always},
		{Flag: "why", Text: "Why it is needed", File: "request.md"},
		{Flag: "team", Text: "Team that waits for it"},
		{Flag: "due", Text: "Due date, such as 2018-09-01", Check: dueInFuture},
		{Flag: "urgent", Text: "Urgent: into the Current Milestone, y or n", Empty: "n"},
	}}
}

func dueInFuture(_ context.Context, s *app.Session, v pflag.Value) error {
	if day, ok := v.(*input.Day); ok && day.Before(s.Today) {
		return fault.New(fault.Usage, "", "%s is in the past", day)
	}
	return nil
}
