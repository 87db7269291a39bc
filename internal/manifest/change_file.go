package manifest

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

// KnownInChange returns the full names of all keys of the plan of a change, like [Known]. docs/change.schema.json has the same keys.
func KnownInChange() []string { return names("", requestFields(new(change.Request), time.UTC)) }

// ChangeFile is the plan of a change from a file. The zero value means no file.
type ChangeFile struct {
	Request change.Request // what could be read
	r       *reader
}

// ParseChange parses the plan of a change. The name is used only in messages, and times without an offset are in the zone. Every key may
// be missing, since flags can set it; [ChangeFile.Check] checks whether the whole is complete. It repeats the faults that ParseChange
// returns.
func ParseChange(name string, data []byte, zone *time.Location) (ChangeFile, error) {
	f := ChangeFile{r: &reader{file: name, places: map[string]place{}, known: sync.OnceValue(KnownInChange)}}
	if root := f.r.document(data); root != nil {
		mappingOf(requestFields(&f.Request, zone)...)(f.r, "", root)
	}
	return f, changeError(f.r.faults)
}

// Check returns all problems of a change that comes from a file and from flags, which may override parts of the file: faults of the file,
// and violations of the rules, with their position if they come from the file. The error has the kind Usage.
func (f ChangeFile) Check(req change.Request, now time.Time) error {
	var faults Faults
	var errs []error
	reported := f.reported()
	for _, wrong := range req.Validate(now) {
		top := topOf(wrong.Field)
		switch {
		case f.r == nil || !reflect.DeepEqual(part(f.Request, top), part(req, top)):
			errs = append(errs, fault.New(fault.Usage, "For help, run: prodctl change open --help", "%s", wrong.Text))
		case !reported[wrong.Field]: // otherwise it follows from a fault that is reported
			p := f.place(wrong.Field)
			if wrong.Field != top {
				wrong.Text = wrong.Field + ": " + wrong.Text
			}
			faults = append(faults, Fault{File: f.r.file, Line: max(p.line, 1), Column: max(p.column, 1), Text: wrong.Text})
		}
	}
	if f.r != nil {
		faults = append(faults, f.r.faults...)
	}
	return errors.Join(append([]error{changeError(faults)}, errs...)...)
}

// reported returns the keys with a fault in their value, and the keys above them.
func (f ChangeFile) reported() map[string]bool {
	reported := map[string]bool{}
	if f.r == nil {
		return reported
	}
	at := map[place]bool{}
	for _, wrong := range f.r.faults {
		at[place{wrong.Line, wrong.Column}] = true
	}
	for key, p := range f.r.places {
		for ; at[p] && key != "" && !reported[key]; key = above(key) {
			reported[key] = true
		}
	}
	return reported
}

// place returns the position of a field, or of the innermost key that it would be part of; zero if the file has neither.
func (f ChangeFile) place(field string) place {
	for ; field != ""; field = above(field) {
		if p, ok := f.r.places[field]; ok {
			return p
		}
	}
	return place{}
}

// above returns the parent of a key such as steps[2].minutes.
func above(key string) string { return key[:max(strings.LastIndexAny(key, ".["), 0)] }

// topOf returns the outermost parent of a key.
func topOf(key string) string {
	for up := above(key); up != ""; up = above(key) {
		key = up
	}
	return key
}

// part returns the value of a request under an outermost key that the rules check.
func part(r change.Request, key string) any {
	return map[string]any{
		"title": r.Title, "start": r.Start, "duration": r.Duration, "criticality": r.Criticality, "impact": r.Impact,
		"preparation": r.Preparation, "steps": r.Steps, "rollback": r.Rollback,
	}[key]
}

// changeFaults are the faults of a plan. Unlike those of the configuration, they are checked by the same command again.
type changeFaults struct{ Faults }

// FaultHint returns the next step.
func (changeFaults) FaultHint() string { return "Fix the file, then run the same command again" }

func changeError(f Faults) error {
	if f.err() == nil {
		return nil
	}
	return changeFaults{f.err().(Faults)}
}
