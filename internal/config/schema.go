package config

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema of the file, as published in docs/prodctl.schema.json. It does not cover everything that
// [Load] checks: dates that do not exist, time zones, rules between two keys.
func Schema() []byte { return append([]byte(nil), schema...) }
