// Package recording reads recorded exchanges with a real GitLab, from testdata/gitlab. Start with [Load].
//
// It sends and compares nothing: internal/contract does, with the embedded GitLab, and the tests of internal/gitlab, with the client.
package recording

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Step is one recorded exchange: a request and the answer to it. Paths, values and headers can have {name} in place of a
// value that an earlier step saved.
type Step struct {
	Name    string            `json:"name"`
	Who     string            `json:"who"` // a user name, "none" for no token, "bad" for an unknown one
	Method  string            `json:"method"`
	Path    string            `json:"path"` // below /api/v4, escaped as sent
	Form    map[string]string `json:"form"`
	JSON    any               `json:"json"`
	Headers map[string]string `json:"headers"`
	Save    map[string]string `json:"save"` // name to dotted path in the answer, or @header
	Status  int               `json:"status"`
	Header  map[string]string `json:"answer_headers"` // the headers of interest
	Body    any               `json:"body"`           // {"__text__": ...} if it is not JSON
}

// Load reads a recording, compressed with gzip, of one step a line.
func Load(name string) ([]Step, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var steps []Step
	lines := json.NewDecoder(bufio.NewReader(unzipped))
	for {
		var s Step
		if err := lines.Decode(&s); err == io.EOF {
			return steps, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: step %d: %w", name, len(steps)+1, err)
		}
		steps = append(steps, s)
	}
}
