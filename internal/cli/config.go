package cli

import (
	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func newConfigCmd(env *Env, page string) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "The configuration: what it is and where it comes from",
		Long:  page,
		Example: `  prodctl config show
  prodctl config validate`,
	}
	cmd.AddCommand(
		newConfigShowCmd(env, runConfigShow),
		newConfigValidateCmd(env, runConfigValidate),
		newConfigSchemaCmd(env, runConfigSchema),
		newConfigPathCmd(env, runConfigPath),
	)
	return cmd
}

func configDocument(cfg config.Config) jsonv1.Config {
	var settings []jsonv1.Setting
	for _, s := range cfg.Settings() {
		settings = append(settings, jsonv1.Setting{Name: s.Name, Value: s.Value, Source: s.Source.String()})
	}
	return jsonv1.NewConfig(cfg.File, settings)
}
