package config

import (
	"context"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/runner"
)

func newEditCmd(a *app.App, run command.LocalRun[struct{}]) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "edit",
		Short: "Edit the configuration file in an editor",
		Long: `Open a copy of the configuration file in the editor of VISUAL or EDITOR, check it, and write it if it is valid. With errors the
editor can be opened again; the file itself never has an invalid content.

A file that you trusted stays trusted.`,
		Example: `  # Edit the file that prodctl reads
  prodctl config edit`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &struct{}{}, run))
}

func runEdit(ctx context.Context, a *app.App, _ struct{}) error {
	const hint = "Set one key: prodctl config set KEY VALUE"
	f, err := openFile(ctx, a)
	if err != nil {
		return err
	}
	if !a.Interactive() || a.Edit == nil {
		return fault.New(fault.Usage, hint, "the editor needs a terminal")
	}
	a.Context = ctx
	var edited []byte
	form := runner.Form{Name: "prodctl.yaml", Text: string(f.data), Instead: hint, Required: "Fix the file", Repeat: true,
		Parse: func(text string) error {
			edited = []byte(text)
			_, err := manifest.Parse(a.Relative(f.path), edited)
			return err
		},
		Retry: func(written string) string { return "cp " + fault.Quote(written) + " " + fault.Quote(f.path) }}
	if err := form.Fill(&app.Session{App: a}); err != nil {
		return err
	}
	if err := f.write(a, edited); err != nil {
		return err
	}
	return note(a, "Saved %s", f.path)
}
