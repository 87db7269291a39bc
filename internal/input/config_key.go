package input

import (
	"context"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/config"
)

// ConfigKey is a key of the configuration: timezone, incidents.services.
type ConfigKey string

// Set takes the key.
func (k *ConfigKey) Set(raw string) error { *k = ConfigKey(strings.TrimSpace(raw)); return nil }

// String is the key.
func (k *ConfigKey) String() string { return string(*k) }

// Type is key.
func (k *ConfigKey) Type() string { return "key" }

// Candidates are all keys, except those whose names a team chooses.
func (k *ConfigKey) Candidates(context.Context, Source, string) ([]Candidate, error) {
	var keys []string
	for _, key := range config.Keys() {
		if !strings.Contains(key, "*") {
			keys = append(keys, key)
		}
	}
	return fixed(keys), nil
}
