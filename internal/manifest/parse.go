package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Parse reads a configuration file. The name is used in messages only. The error is [Faults]; the File is returned with it, with
// whatever could be read, and defaults for the rest.
func Parse(name string, data []byte) (File, error) {
	f := Defaults()
	r := &reader{file: name, places: map[string]place{}, known: sync.OnceValue(Known), renames: Renames()}
	root := r.document(data)
	if root == nil {
		return f, r.faults.err()
	}
	mappingOf(f.fields()...)(r, "", root)
	f.derive(r)
	f.places = r.places
	return f, r.faults.err()
}

// document returns the one document of the file; nil, with a fault, if the file is empty or not YAML. More documents are a fault.
func (r *reader) document(data []byte) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, second yaml.Node
	switch err := dec.Decode(&doc); {
	case errors.Is(err, io.EOF):
		r.fault(&doc, "the file is empty")
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		r.fault(&second, "a second document starts here, but only one is allowed")
	case !errors.Is(err, io.EOF):
		r.syntax(err)
		return nil
	}
	return doc.Content[0]
}

// syntax reports an error of the YAML parser, which begins with "yaml: line 3: " if the line is known.
func (r *reader) syntax(err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var at yaml.Node
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		number, message, _ := strings.Cut(rest, ": ")
		if line, err := strconv.Atoi(number); err == nil {
			at.Line, text = line, message
		}
	}
	r.fault(&at, "%s", fmt.Sprintf("invalid YAML: %s", text))
}
