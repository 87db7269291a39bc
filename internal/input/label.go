package input

import (
	"context"
	"fmt"
	"strings"
)

// Labels are names of labels.
type Labels = List[Label, *Label]

// Label is the name of a label, also as GitLab refers to it: toil, ~toil, ~"access request".
type Label string

// Set takes the name.
func (l *Label) Set(raw string) error {
	name := strings.TrimSpace(raw)
	if rest, ok := strings.CutPrefix(name, "~"); ok {
		name = strings.Trim(rest, `"`)
	}
	if name == "" && raw != "" {
		return invalid(fmt.Errorf("invalid label %q", raw), "toil")
	}
	*l = Label(name)
	return nil
}

// String is the name.
func (l *Label) String() string { return string(*l) }

// Type is label.
func (l *Label) Type() string { return "label" }

// Candidates are the declared labels, with their descriptions.
func (l *Label) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	var list []Candidate
	for _, d := range from.Config.Labels.Set() {
		list = append(list, Candidate{Word: d.Name, Meaning: d.Description})
	}
	return list, nil
}
