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
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
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
  prodctl config validate team/.prodctl.yaml

  # For a merge request, as GitLab's Code Quality report
  prodctl config validate -o codequality > codequality.json`,
	}
	command.HasFormats(cmd, render.CodeQuality)
	return command.Configured(command.DefineLocal(a, cmd, &o, run, command.Arg{Name: "file", Value: &o.File, Optional: true}))
}

func runValidate(_ context.Context, a *app.App, o validateOptions) error {
	if err := checkNamed(a, o.File.Name); err != nil {
		return err
	}
	cfg, err := a.ConfigAt(o.File.Name)
	if err == nil && cfg.File == "" {
		return fault.New(fault.Usage, config.InitHint, "no configuration file found")
	}
	var warnings []string
	if err == nil {
		warnings, err = cfg.CheckTemplates()
	}
	if a.View.Format() == render.CodeQuality {
		if shown := a.View.CodeQuality(problems(a.Relative(cfg.File), err)); shown != nil {
			return shown
		}
	}
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

// problems are the errors of a file, one for each line that has one. Errors of the environment are not in a file; one of a template is at
// the start of the configuration, which names it.
func problems(file string, err error) []jsonv1.LintFinding {
	const rule, severity = "configuration", "error"
	faults, ok := errors.AsType[manifest.Faults](err)
	if !ok && err != nil && file != "" {
		return []jsonv1.LintFinding{{Rule: rule, Severity: severity, Text: err.Error(), File: file, Line: 1}}
	}
	var list []jsonv1.LintFinding
	for _, f := range faults {
		list = append(list, jsonv1.LintFinding{Rule: rule, Severity: severity, Text: f.Text, File: f.File, Line: f.Line, Column: f.Column})
	}
	return list
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
