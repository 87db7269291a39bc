package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
)

// showsStatus reports whether prodctl without a command shows the status: on a terminal, with a configuration that may be used. Anywhere
// else it shows help: a script that forgot the command must not send requests.
func showsStatus(a *app.App) bool {
	if !a.OutTTY || a.Global.Output != "" || a.Global.JQ != "" {
		return false
	}
	cfg, err := a.Config()
	return err == nil && cfg.File != "" && cfg.Trust != config.Untrusted
}

// runBare runs the command of the status for prodctl without a command.
func runBare(ctx context.Context, a *app.App, status *cobra.Command) error {
	status.InheritedFlags() // adds the global flags to its own
	a.Flags = status.Flags()
	if a.Watch != nil {
		ctx = a.Watch(ctx)
	}
	a.Context = ctx
	status.SetContext(ctx)
	if err := a.OpenView(command.FormatsOf(status), true); err != nil {
		return err
	}
	return status.RunE(status, nil)
}
