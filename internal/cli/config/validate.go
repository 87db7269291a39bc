package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
)

type validateOptions struct{ File input.File }

func newValidateCmd(a *app.App, run command.LocalRun[validateOptions]) *cobra.Command {
	var o validateOptions
	cmd := &cobra.Command{
		Use:   "validate [<file>]",
		Short: "Check the configuration",
		Long: `Check the configuration file and the environment variables. All errors are reported at once, each with its line and column: unknown
keys, wrong types, invalid values, values that contradict each other, and templates. Quick actions in a template are a warning.

Validate does not connect to GitLab. To check the host, the token and the projects, use prodctl doctor.`,
		Example: `  # Check the file that prodctl would read
  prodctl config validate

  # Check another file
  prodctl config validate team/.prodctl.yaml`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &o, run, command.Arg{Name: "file", Value: &o.File, Optional: true}))
}

func runValidate(_ context.Context, a *app.App, o validateOptions) error {
	if err := checkNamed(a, o.File.Name); err != nil {
		return err
	}
	cfg, err := a.ConfigAt(o.File.Name)
	if err != nil {
		return err
	}
	if cfg.File == "" {
		return fault.New(fault.Usage, config.InitHint, "no configuration file found")
	}
	warnings, err := cfg.CheckTemplates()
	if err != nil {
		return err
	}
	for _, w := range warnings {
		a.Notef("warning: %s", w)
	}
	if !a.Global.Quiet {
		a.Notef("%s is valid", cfg.File)
	}
	return nil
}

// checkNamed returns an error if a file on the command line does not exist; empty: none is named.
func checkNamed(a *app.App, name string) error {
	if name == "" || strings.HasPrefix(name, "~") { // a shell that leaves ~ alone is config's matter
		return nil
	}
	if _, err := os.Stat(a.Path(name)); errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.Usage, "To see which file prodctl reads: prodctl config path", "file %s not found", name)
	}
	return nil
}
