package config

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type trustOptions struct{ File input.File }

func newTrustCmd(a *app.App, run command.LocalRun[trustOptions]) *cobra.Command {
	var o trustOptions
	cmd := &cobra.Command{
		Use:   "trust [<file>]",
		Short: "Trust a configuration file that was found",
		Long: `Show a configuration file, and every file that it names, and trust this content from now on. A file that was found in a working
directory may be a stranger's: until it is trusted, no command that connects to GitLab uses it. Settings that need a look are listed at
the end.

If the file changes later, commands continue with the trusted content and say so. Trust then shows the difference. Files that prodctl
init wrote, your own ~/.config/prodctl/config.yaml, and files named by --config or PRODCTL_CONFIG need no trust.`,
		Example: `  # Read the file of a repository that was just cloned, and trust it
  prodctl config trust

  # Without a terminal, after reading it elsewhere
  prodctl config trust --yes`,
	}
	return command.Shows(command.Configured(command.DefineLocal(a, cmd, &o, run,
		command.Arg{Name: "file", Value: &o.File, Optional: true})), "yes", "dry-run")
}

func runTrust(ctx context.Context, a *app.App, o trustOptions) error {
	if err := checkNamed(a, o.File.Name); err != nil {
		return err
	}
	cfg, err := a.ConfigAt(o.File.Name)
	switch {
	case err != nil:
		return err
	case cfg.File == "":
		return fault.New(fault.Usage, config.InitHint, "no configuration file found")
	}
	copied, before := cfg.OnDisk(a.Getenv), a.TrustedCopy(cfg.File)
	if before != nil && before.Equal(copied) {
		return note(a, "%s is trusted already", cfg.File)
	}
	if _, err := fmt.Fprint(a.Out, a.Review(cfg, copied, before).Text()); err != nil || a.Global.DryRun {
		return err
	}
	refusal := cfg.File + " is not trusted"
	if before != nil {
		refusal = "the change of " + cfg.File + " is not trusted, so the trusted copy stays in use"
	}
	if err := confirmTrust(ctx, a, cfg.File, refusal); err != nil {
		return err
	}
	if err := a.SaveTrust(copied); err != nil {
		return err
	}
	return note(a, "%s is trusted", cfg.File)
}

func confirmTrust(ctx context.Context, a *app.App, file, refusal string) error {
	if a.Global.Yes {
		return nil
	}
	hint := "If you trust what is shown above: prodctl config trust --yes " + fault.Quote(file)
	refused := fault.New(fault.Refused, hint, "%s", refusal)
	if !a.Interactive() {
		return refused
	}
	yes, err := a.Confirm(ctx, fmt.Sprintf("Trust %s with this content?", file))
	if err == nil && !yes {
		refused.Hint = ""
		return refused
	}
	return err
}

func note(a *app.App, format string, args ...any) error {
	if !a.Global.Quiet {
		a.Notef(format, args...)
	}
	return nil
}
