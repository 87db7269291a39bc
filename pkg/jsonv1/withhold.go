package jsonv1

import "reflect"

// Audience is who reads a document.
type Audience int

// The audiences, from the widest to the narrowest.
const (
	// Anybody reads what is posted, saved, piped, logged or sent to another program: of a confidential issue its reference, state and
	// severity, and none of the words of internal comments.
	Anybody Audience = iota
	// Closed is the token's user at a terminal, or a confidential issue to which the document is posted: confidential issues in full, and
	// none of the words of internal comments, which some of its readers cannot read.
	Closed
	// Owner is the token's user who asked for everything (--include-confidential).
	Owner
)

// For returns a document as an audience may read it; the original does not change. It is the only place where content is withheld, and
// every document passes through it before it becomes output.
//
// It finds every struct with a field Confidential that is true, however deep. Of these it keeps the fields with the tag
// withheld:"keep", and sets the field Withheld. So a new field of a confidential issue is withheld unless it has that tag. Structs with
// other rules have the method withhold.
func For[D any](doc D, to Audience) D {
	if to != Owner {
		withholdIn(reflect.ValueOf(&doc).Elem(), to)
	}
	return doc
}

// withholder is a struct with rules of its own. The pointer is to a copy.
type withholder interface{ withhold(to Audience) }

// withholdIn withholds in a value that can be set. It copies what the original document shares before it changes it.
func withholdIn(v reflect.Value, to Audience) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		shared := v.Elem()
		v.Set(reflect.New(shared.Type()))
		v.Elem().Set(shared)
		withholdIn(v.Elem(), to)
	case reflect.Interface:
		if v.Elem().Kind() != reflect.Struct {
			return
		}
		own := reflect.New(v.Elem().Type()).Elem()
		own.Set(v.Elem())
		withholdIn(own, to)
		v.Set(own)
	case reflect.Slice:
		if kind := v.Type().Elem().Kind(); kind != reflect.Struct && kind != reflect.Pointer || v.IsNil() {
			return
		}
		shared := v.Slice(0, v.Len())
		v.Set(reflect.MakeSlice(v.Type(), shared.Len(), shared.Len()))
		reflect.Copy(v, shared)
		for n := range v.Len() {
			withholdIn(v.Index(n), to)
		}
	case reflect.Struct:
		withholdInStruct(v, to)
	}
}

func withholdInStruct(v reflect.Value, to Audience) {
	if own, ok := v.Addr().Interface().(withholder); ok {
		own.withhold(to)
	}
	for n := range v.NumField() {
		withholdIn(v.Field(n), to)
	}
	if secret := v.FieldByName("Confidential"); to == Anybody && secret.IsValid() && secret.Bool() {
		keepTagged(v)
	}
}

// keepTagged removes all fields of a struct about a confidential issue but those with the tag, also in embedded structs.
func keepTagged(v reflect.Value) {
	for n := range v.NumField() {
		switch f := v.Type().Field(n); {
		case f.Anonymous:
			keepTagged(v.Field(n))
		case f.Tag.Get("withheld") != "keep":
			v.Field(n).SetZero()
		}
	}
	if mark := v.FieldByName("Withheld"); mark.IsValid() {
		mark.SetBool(true)
	}
}

// internalText replaces a line of a timeline that is an internal comment.
const internalText = "internal event"

func (l *TimelineLine) withhold(Audience) {
	if l.Internal {
		l.Text = internalText
	}
}

func (u *Update) withhold(Audience) {
	if u.Internal {
		u.Text = ""
	}
}

func (r *Receipt) withhold(Audience) {
	if r.Internal {
		r.Text = ""
	}
}

// internalOnly replaces the note of a hand-off that only the team may read.
const internalOnly = "the note is an internal comment"

func (e *HandoffEntry) withhold(Audience) {
	if e.MarkInternal && e.LeftOff+e.NextStep+e.Contingency != "" {
		e.LeftOff, e.NextStep, e.Contingency, e.Missing = "", "", "", append(e.Missing[:len(e.Missing):len(e.Missing)], internalOnly)
	}
}

// toSeeIt is the note of a document whose hand-off note is withheld.
const toSeeIt = "The hand-off note is an internal comment. To see it, add --include-confidential"

func (d *Event) withhold(Audience) {
	if d.MarkInternal && d.LeftOff+d.NextStep+d.Contingency != "" {
		d.LeftOff, d.NextStep, d.Contingency, d.Notes = "", "", "", append(d.Notes[:len(d.Notes):len(d.Notes)], toSeeIt)
	}
}

// withheld replaces the title of a confidential issue in a step.
const withheld = "(confidential)"

// withhold also leaves out the arguments and inputs, so a plan with content of a confidential issue cannot be applied. A plan that is
// saved with --plan-file is complete.
func (d *Plan) withhold(to Audience) {
	if to == Anybody && anySecret(d.Steps, func(s Step) Step { return s }) {
		d.Args, d.Inputs = nil, nil
	}
}

func (d *Applied) withhold(to Audience) {
	if to == Anybody && d.Retry != "" && anySecret(d.Steps, func(s AppliedStep) Step { return s.Step }) {
		d.Retry = "prodctl " + d.Command + " with the same arguments"
	}
}

func anySecret[T any](list List[T], of func(T) Step) bool {
	for _, t := range list {
		if of(t).secret() {
			return true
		}
	}
	return false
}

// secret reports whether a step writes words to a confidential issue: it creates one, or adds a comment to one.
func (s Step) secret() bool {
	return s.After != nil && (s.After.Confidential || s.Object.Title == withheld && s.After.Body != nil)
}

func (s *Step) withhold(to Audience) {
	if to == Anybody && s.After != nil && (s.secret() || s.Object.Title == withheld) {
		s.Object.Title, s.Before = withheld, nil
		s.After = new(*s.After)
		keepTagged(reflect.ValueOf(s.After).Elem())
	}
}
