package input

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// DrillTarget is the name of a target of restore drills. If the configuration lists any, others are refused.
type DrillTarget string

// Set takes the name.
func (d *DrillTarget) Set(raw string) error { *d = DrillTarget(strings.TrimSpace(raw)); return nil }

// String is the name.
func (d *DrillTarget) String() string { return string(*d) }

// Type is target.
func (d *DrillTarget) Type() string { return "target" }

// Resolve refuses a target that is not in the configuration, or that is not a name.
func (d *DrillTarget) Resolve(c Context) error {
	known := targetNames(c.Config.Rad.Targets)
	switch {
	case *d == "" || slices.Contains(known, string(*d)):
		return nil
	case len(known) == 0 && !drill.IsName(string(*d)):
		return invalid(fmt.Errorf("invalid target %q (use letters, digits, dots and dashes)", *d), "db-main")
	case len(known) == 0:
		return nil
	}
	text := fmt.Sprintf("unknown target %q (use %s)", *d, choices(known))
	if near := suggest.Nearest(string(*d), known); near != "" {
		text += "; did you mean " + near + "?"
	}
	return invalid(fmt.Errorf("%s", text), known...)
}

// Candidates are the targets of the configuration with their kinds.
func (d *DrillTarget) Candidates(_ context.Context, from Source, _ string) (list []Candidate, _ error) {
	for _, t := range from.Config.Rad.Targets {
		list = append(list, Candidate{t.Name, t.Kind})
	}
	return list, nil
}

func targetNames(targets []drill.Target) (names []string) {
	for _, t := range targets {
		names = append(names, t.Name)
	}
	return names
}

// Bytes is a size: 412GiB, 1.5TB. 0 means no input.
type Bytes drill.Size

// Set reads the size.
func (b *Bytes) Set(raw string) error {
	size, err := drill.ParseSize(raw)
	*b = Bytes(size)
	return invalid(err, "412GiB", "1.5TB")
}

// String is the size.
func (b *Bytes) String() string { return drill.Size(*b).String() }

// Type is size.
func (b *Bytes) Type() string { return "size" }
