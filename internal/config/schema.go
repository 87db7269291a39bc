package config

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema is the JSON Schema of the file, as published in docs/prodctl.schema.json. It cannot say everything that
// [Load] checks: dates that do not exist, time zones, what must hold between two keys.
func Schema() []byte { return append([]byte(nil), schema...) }
