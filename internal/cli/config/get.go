package config

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli/command"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/document"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

type getOptions struct{ Key input.ConfigKey }

func newGetCmd(a *app.App, run command.LocalRun[getOptions]) *cobra.Command {
	var o getOptions
	cmd := &cobra.Command{
		Use:   "get <key>",
		Short: "Print the value of a key",
		Long: `Print the value that is in use: of a flag, an environment variable, the file, or the default. Lists are printed as JSON, which
prodctl config set accepts. A section is printed as a table.`,
		Example: `  # One value
  prodctl config get timezone

  # A section, with the sources
  prodctl config get milestones -o json`,
	}
	return command.Configured(command.DefineLocal(a, cmd, &o, run, command.Arg{Name: "key", Value: &o.Key}))
}

func runGet(_ context.Context, a *app.App, o getOptions) error {
	if err := config.CheckKey(string(o.Key)); err != nil {
		return err
	}
	s, err := a.Session()
	if err != nil {
		return err
	}
	doc := document.Config(s.Config)
	doc.Settings = slices.DeleteFunc(doc.Settings, func(s jsonv1.Setting) bool {
		return s.Name != string(o.Key) && !strings.HasPrefix(s.Name, string(o.Key)+".")
	})
	switch {
	case len(doc.Settings) == 0:
		return fault.New(fault.Failed, "", "%s is not set", o.Key)
	case !a.Table() || len(doc.Settings) > 1 || doc.Settings[0].Name != string(o.Key):
		return a.View.Config(doc)
	}
	text, ok := doc.Settings[0].Value.(string)
	if !ok {
		data, err := json.Marshal(doc.Settings[0].Value)
		if err != nil {
			return err
		}
		text = string(data)
	}
	if a.OutTTY {
		text = sanitize.Text(text)
	}
	_, err = fmt.Fprintln(a.Out, text)
	return err
}
