// Package jsonv1 holds prodctl's JSON documents as plain structs, for other programs to import and for plan files. Start with [Plan] or
// [Milestones].
//
// Every document starts with "version": 1 and its "kind". Within version 1 fields are only added; they are never removed and never
// change their meaning. An empty list is [], a field that is unknown or does not apply is absent, instants are RFC 3339 in UTC, and civil
// dates are YYYY-MM-DD. All JSON tags are in this package. Rules and output do not belong here.
package jsonv1

import (
	"bytes"
	"encoding/json"
)

// Version is the version of all documents in this package.
const Version = 1

// Head is the beginning of every document.
type Head struct {
	Version int    `json:"version" withheld:"keep"`
	Kind    string `json:"kind" withheld:"keep"`

	Omitted int `json:"-" withheld:"keep"` // entries that [Cut] left out
}

func head(kind string) Head { return Head{Version: Version, Kind: kind} }

// Target is a project or a group.
type Target struct {
	Kind string `json:"kind"` // "project" or "group"
	Path string `json:"path"` // full path
}

// List is a slice that is encoded as [] if it is empty or nil.
type List[T any] []T

// MarshalJSON encodes the list, never as null.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("[]"), nil
	}
	return encode([]T(l), "")
}

// Marshal encodes a document as prodctl writes it to files and to standard output: indented by two spaces, without escaping < > &, and
// with a newline at the end.
func Marshal(document any) ([]byte, error) { return encode(document, "  ") }

func encode(v any, indent string) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return buf.Bytes(), err
}
