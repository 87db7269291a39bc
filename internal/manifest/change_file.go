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

// KnownInChange lists the full names of all keys of a plan of a change, as [Known] does. docs/change.schema.json has the same.
func KnownInChange() []string { return names("", requestFields(new(change.Request))) }

// ChangeFile is a plan of a change as a file has it. The zero value is that there is no file.
type ChangeFile struct {
	Request change.Request // what could be read
	r       *reader
}

// ParseChange reads the plan of a change (SPEC 8). The name stands in messages only. Everything in it may be left out, since flags can say
// it as well; whether the whole is a change that may be opened is told by [ChangeFile.Check], which repeats the faults that are the error
// of this.
func ParseChange(name string, data []byte) (ChangeFile, error) {
	f := ChangeFile{r: &reader{file: name, places: map[string]place{}, known: sync.OnceValue(KnownInChange)}}
	if root := f.r.document(data); root != nil {
		mappingOf(requestFields(&f.Request)...)(f.r, "", root)
	}
	return f, changeError(f.r.faults)
}

// Check is all that is wrong with a change that was asked for by a file and by flags, which may have replaced parts of it: what is wrong
// with the file, and what the rules of changes have against the whole, at its place if it is the file's. The error is of kind Usage.
func (f ChangeFile) Check(req change.Request, now time.Time) error {
	var faults Faults
	var errs []error
	told := f.reported()
	for _, wrong := range req.Validate(now) {
		top := topOf(wrong.Field)
		switch {
		case f.r == nil || !reflect.DeepEqual(part(f.Request, top), part(req, top)):
			errs = append(errs, fault.New(fault.Usage, "prodctl change open --help tells the flags", "%s", wrong.Text))
		case !told[wrong.Field]: // else it follows from what is told
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

// told are the keys in whose values a fault was found, and those above them.
func (f ChangeFile) reported() map[string]bool {
	told := map[string]bool{}
	if f.r == nil {
		return told
	}
	at := map[place]bool{}
	for _, wrong := range f.r.faults {
		at[place{wrong.Line, wrong.Column}] = true
	}
	for key, p := range f.r.places {
		for ; at[p] && key != "" && !told[key]; key = above(key) {
			told[key] = true
		}
	}
	return told
}

// place is where a field stands, or what it would be part of; the zero place when the file says nothing of it.
func (f ChangeFile) place(field string) place {
	for ; field != ""; field = above(field) {
		if p, said := f.r.places[field]; said {
			return p
		}
	}
	return place{}
}

// above is the key that a key such as steps[2].minutes is part of.
func above(key string) string { return key[:max(strings.LastIndexAny(key, ".["), 0)] }

// topOf is the outermost key that a key is part of.
func topOf(key string) string {
	for up := above(key); up != ""; up = above(key) {
		key = up
	}
	return key
}

// part is what a request says under an outermost key that its rules have faults for.
func part(r change.Request, key string) any {
	return map[string]any{
		"title": r.Title, "start": r.Start, "duration": r.Duration, "criticality": r.Criticality, "impact": r.Impact,
		"preparation": r.Preparation, "steps": r.Steps, "rollback": r.Rollback,
	}[key]
}

// changeFaults are the faults of a plan: another command than the configuration's checks it again.
type changeFaults struct{ Faults }

// FaultHint tells how to go on.
func (changeFaults) FaultHint() string { return "mend the file, then run the command again" }

func changeError(f Faults) error {
	if f.err() == nil {
		return nil
	}
	return changeFaults{f.err().(Faults)}
}
