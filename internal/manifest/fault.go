package manifest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Fault is one error in a file. Text is lower case, without a full stop.
type Fault struct {
	File         string
	Line, Column int // from 1
	Text         string
	Part         string // PartOncall, or empty
	Former, Name string // of a key that was renamed: the name in the file, and the one that it has now
}

// Error returns the fault with its position: "file:line:column: text".
func (f Fault) Error() string { return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text) }

// Faults are all errors in a file, in the order of the file. It is an error of kind Usage.
type Faults []Fault

// Error returns one line per fault.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the single faults.
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, one := range f {
		errs[i] = one
	}
	return errs
}

// FaultKind returns Usage.
func (f Faults) FaultKind() fault.Kind { return fault.Usage }

// FaultHint returns the next step: fix the file and check it, or rename its keys if nothing else is wrong. A file that is not in the
// working directory under its usual name is named in the command.
func (f Faults) FaultHint() string {
	hint, flag := "Fix the file, then run: prodctl config validate", " "
	if f.OnlyRenamed() {
		hint, flag = "To rename keys: prodctl config migrate", " --config "
	}
	if len(f) > 0 && f[0].File != "" && f[0].File != ".prodctl.yaml" {
		hint += flag + fault.Quote(f[0].File)
	}
	return hint
}

// OnlyRenamed reports whether all faults are former names of keys. It is false without faults.
func (f Faults) OnlyRenamed() bool {
	return len(f) > 0 && !slices.ContainsFunc(f, func(one Fault) bool { return one.Former == "" })
}

// OnlyIn reports whether an error consists of faults in one part of a file.
func OnlyIn(err error, part string) bool {
	faults, ok := errors.AsType[Faults](err)
	return ok && err.Error() == faults.Error() && !slices.ContainsFunc(faults, func(f Fault) bool { return f.Part != part })
}

// err returns the faults in order, without duplicates; nil if there are none.
func (f Faults) err() error {
	if len(f) == 0 {
		return nil
	}
	stable.Sort(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(f)
}
