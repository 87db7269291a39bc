package config

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
)

func newMigrateCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Rename keys that have another name in this version",
		Long: `Give keys of the configuration file that were renamed in a later version of prodctl their new names. The difference is shown,
and the file is written after a confirmation. Comments, order and form of everything else stay. A file without such keys is not written.

All other errors have to be fixed first. A file that you trusted stays trusted.`,
		Example: `  # See what would change
  prodctl config migrate --dry-run

  # Rename the keys of another file, without a question
  prodctl config migrate --config team/.prodctl.yaml --yes`,
	}
	return command.Shows(command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run)), "yes", "dry-run")
}

func runMigrate(ctx context.Context, a *app.App, _ struct{}) error {
	// A file with former names is not valid, so it cannot be trusted before it is migrated.
	if cfg, err := a.Config(); cfg.Trust == config.Untrusted {
		if faults, _ := errors.AsType[manifest.Faults](err); faults.OnlyRenamed() {
			hint := "If you trust the file: prodctl config migrate --config " + fault.Quote(a.Relative(cfg.File))
			return fault.New(fault.Refused, hint, "%s is not trusted", cfg.File)
		}
	}
	f, err := openFile(ctx, a)
	if err != nil {
		return err
	}
	edited, err := config.Migrate(a.Relative(f.path), f.data)
	switch {
	case err != nil:
		return err
	case bytes.Equal(edited, f.data):
		return note(a, "No keys to rename in %s", f.path)
	}
	change := render.Review{Files: []render.ReviewedFile{{Path: a.Relative(f.path), Content: edited, Trusted: f.data, Before: true}}}
	if _, err := fmt.Fprint(a.Out, change.Text()); err != nil || a.Global.DryRun {
		return err
	}
	if !a.Global.Yes {
		yes, err := a.Confirm(ctx, fmt.Sprintf("Write %s?", f.path))
		if err == nil && !yes {
			err = fault.New(fault.Refused, "", "nothing was written")
		}
		if err != nil {
			return err
		}
	}
	if err := f.write(a, edited); err != nil {
		return err
	}
	return note(a, "Saved %s", f.path)
}
