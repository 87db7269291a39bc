// Package jsonv1 is the published form of what prodctl prints: plain structs for other programs to import,
// and for the plan files that prodctl reads back.
//
// Every document begins with "version": 1 and its "kind". Within version 1 fields are added and never removed or
// given another meaning. An empty list is [], what is not known or does not apply is absent, instants are RFC 3339
// in UTC, civil dates are YYYY-MM-DD. JSON tags live here and nowhere else; start with [Plan] or [Milestones].
// What the values mean is decided in the packages beside this one. Printing is not here.
package jsonv1

import (
	"bytes"
	"encoding/json"
)

// Version is the number that all documents of this package carry.
const Version = 1

// Head is the beginning of every document.
type Head struct {
	Version int    `json:"version"`
	Kind    string `json:"kind"`
}

func head(kind string) Head { return Head{Version, kind} }

// Target is the project or group that something belongs to.
type Target struct {
	Kind string `json:"kind"` // "project" or "group"
	Path string `json:"path"` // full
}

// List is a slice that is published as [] when it is empty, also when it is nil.
type List[T any] []T

// MarshalJSON is the list, never null.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return encode([]T(l), "")
}

// Marshal gives a document as prodctl writes it to files and to its standard output:
// indented by two spaces, with < > & as they are, and with a line feed at its end.
func Marshal(document any) ([]byte, error) { return encode(document, "  ") }

func encode(v any, indent string) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return buf.Bytes(), err
}
