package document

import (
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Config returns the configuration, with the source of each setting.
func Config(cfg config.Config) jsonv1.Config {
	var settings []jsonv1.Setting
	for _, s := range cfg.Settings() {
		settings = append(settings, jsonv1.Setting{Name: s.Name, Value: s.Value, Source: s.Source.String()})
	}
	doc := jsonv1.NewConfig(cfg.File, settings)
	doc.Trust = string(cfg.Trust)
	return doc
}
