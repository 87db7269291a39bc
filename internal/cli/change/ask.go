package change

import (
	"context"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/manifest"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

// openDialog is what `change open` asks without a title and a file.
func openDialog() command.Dialog {
	strict := func(flag func(string) string) bool {
		return flag("criticality") == string(change.C1) || flag("criticality") == string(change.C2) ||
			flag("impact") == string(change.ClientFacing)
	}
	return command.Dialog{Trackers: []string{manifest.Production}, Unless: []string{"file", "edit", "example"}, Questions: []command.Question{
		{Text: "Title", Required: command.Always},
		{Flag: "criticality", Text: "Criticality", Required: command.Always},
		{Flag: "start", Text: "Start, such as 2018-08-30 10:00 or tomorrow 10:00", Required: strict, Check: startInFuture},
		{Flag: "duration", Text: "Worst-case duration, such as 45m or 1h30m", Required: command.Always,
			When: func(flag func(string) string) bool { return flag("start") != "" }},
		{Flag: "rollback", Text: "Rollback plan", File: "rollback.md", Required: strict},
	}}
}

func startInFuture(_ context.Context, s *app.Session, v pflag.Value) error {
	if start, ok := v.(*input.Moment); ok && start.Time.Time.Before(s.Time) {
		return fault.New(fault.Usage, "", "%s is in the past", start.Time.Time.Format("2006-01-02 15:04 UTC"))
	}
	return nil
}
