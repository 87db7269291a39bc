package cli

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func newConfigValidateCmd(env *Env, run func(context.Context, *Env, string) error) *cobra.Command {
	return &cobra.Command{
		Use:   "validate [<file>]",
		Short: "Find every fault of the configuration",
		Long: `Validate tells every fault of the file, or of the one that is found, with file, line and column, all of them at once: unknown
keys, wrong types, impossible values, and what does not fit together. Variables of the environment are checked too. It needs
no GitLab and no token.

Exit codes: 0 no faults, 6 faults, or no file.`,
		Example: `  prodctl config validate
  prodctl config validate team/.prodctl.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := ""
			if len(args) == 1 {
				file = args[0]
			}
			return run(cmd.Context(), env, file)
		},
	}
}

func runConfigValidate(_ context.Context, env *Env, file string) error {
	cfg, err := env.configAt(file)
	if err != nil {
		return err
	}
	if cfg.File == "" {
		return fault.New(fault.Usage, "prodctl init", "there is no %s in this directory or above it", config.FileName)
	}
	if !env.global.Quiet {
		env.Notef("%s has no faults", cfg.File)
	}
	return nil
}

// configAt is the configuration with the file of that name in place of the one that is found; empty: the latter.
func (e *Env) configAt(file string) (config.Config, error) {
	if file == "" {
		return e.Config()
	}
	return config.Load(config.Sources{Dir: e.Dir, Getenv: e.Getenv, Flag: func(name string) (string, bool) {
		if name == "config" {
			return file, true
		}
		return e.flag(name)
	}})
}
