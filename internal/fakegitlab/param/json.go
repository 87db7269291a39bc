package param

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
)

// The limits of a JSON body, as GitLab checks them before anything else.
const (
	maxJSONDepth    = 32
	maxJSONList     = 50_000  // elements of one list or hash
	maxJSONElements = 100_000 // elements, keys and values of all of them
)

// parseJSON returns the fields of an object. Any other JSON value has none.
func parseJSON(body []byte) (map[string]any, error) {
	if !utf8.Valid(body) {
		return nil, failure.MalformedText()
	}
	r := jsonReader{decoder: json.NewDecoder(bytes.NewReader(body))}
	r.decoder.UseNumber()
	v, err := r.value()
	if err != nil {
		return nil, err
	}
	if _, err := r.decoder.Token(); err != io.EOF {
		return nil, failure.InvalidJSON()
	}
	fields, _ := v.(map[string]any)
	return fields, nil
}

// jsonReader reads a JSON value and stops as soon as it exceeds a limit.
type jsonReader struct {
	decoder  *json.Decoder
	depth    int
	elements int
}

func (r *jsonReader) value() (any, error) {
	token, err := r.decoder.Token()
	if err != nil {
		return nil, failure.InvalidJSON()
	}
	bracket, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if r.depth >= maxJSONDepth {
		return nil, failure.OutsideAPI("Parameters nested too deeply")
	}
	r.depth++
	defer func() { r.depth-- }()
	if bracket == '{' {
		return r.object()
	}
	return r.list()
}

func (r *jsonReader) object() (any, error) {
	fields := map[string]any{}
	for n := 0; r.decoder.More(); n++ {
		key, err := r.decoder.Token()
		if err != nil {
			return nil, failure.InvalidJSON()
		}
		name, ok := key.(string)
		if !ok {
			return nil, failure.InvalidJSON()
		}
		if fields[name], err = r.element(n, 2, "Hash parameter too large"); err != nil {
			return nil, err
		}
	}
	return fields, r.end()
}

func (r *jsonReader) list() (any, error) {
	items := []any{}
	for n := 0; r.decoder.More(); n++ {
		item, err := r.element(n, 1, "Array parameter too large")
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, r.end()
}

// element reads the n-th element of a list or hash, which counts as so many elements of the body.
func (r *jsonReader) element(n, counts int, tooLarge string) (any, error) {
	v, err := r.value()
	if err != nil {
		return nil, err
	}
	if r.elements += counts; r.elements >= maxJSONElements {
		return nil, failure.OutsideAPI("Too many total parameters")
	}
	if n >= maxJSONList {
		return nil, failure.OutsideAPI(tooLarge)
	}
	return v, nil
}

func (r *jsonReader) end() error {
	if _, err := r.decoder.Token(); err != nil {
		return failure.InvalidJSON()
	}
	return nil
}
