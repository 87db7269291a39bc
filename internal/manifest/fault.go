package manifest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Fault is one thing wrong with a file. Text is lower case, without a full stop.
type Fault struct {
	File         string
	Line, Column int // from 1
	Text         string
	Part         string // PartOncall, or empty
}

func (f Fault) Error() string { return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text) }

// Faults are all that is wrong with a file, in the order in which it stands there. It is an error of kind Usage.
type Faults []Fault

func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single faults.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, one := range f {
		errs[i] = one
	}
	return errs
}

// FaultKind is Usage.
func (f Faults) FaultKind() fault.Kind { return fault.Usage }

// FaultHint tells how to see whether the file is mended.
func (f Faults) FaultHint() string { return "mend the file, then: prodctl config validate" }

// OnlyIn reports whether all that an error tells is faults in one part of a file.
func OnlyIn(err error, part string) bool {
	faults, ok := errors.AsType[Faults](err)
	return ok && err.Error() == faults.Error() && !slices.ContainsFunc(faults, func(f Fault) bool { return f.Part != part })
}

// err is nil when there is nothing wrong; otherwise the faults in order, each said once.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(f)
}
