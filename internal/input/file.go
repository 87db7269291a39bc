package input

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// File is a file, or standard input for "-". After Resolve, Data is its content.
type File struct {
	Name string // as entered; empty: no input
	Data []byte
}

// Set takes the name.
func (f *File) Set(raw string) error { f.Name = raw; return nil }

// String is the name.
func (f *File) String() string { return f.Name }

// Type is file.
func (f *File) Type() string { return "file" }

// Source is the name for messages.
func (f *File) Source() string {
	if f.Name == "-" {
		return "standard input"
	}
	return f.Name
}

// Resolve reads the file.
func (f *File) Resolve(c Context) (err error) {
	if f.Name == "" {
		return nil
	}
	f.Data, err = c.Open(f.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return invalid(fmt.Errorf("file %s not found", f.Name))
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return fault.New(fault.Unreachable, "Check what writes to it, or use a longer --timeout",
			"reading %s took longer than --timeout", f.Source())
	case errors.Is(err, context.Canceled):
		return err
	case err != nil:
		return invalid(fault.Plain(err))
	}
	return nil
}

// Alerts is a file with a notification about alerts, or the name of the system that writes it to standard input.
type Alerts struct{ File }

// Set takes alertmanager, or the name of a file.
func (a *Alerts) Set(raw string) error {
	if raw == alertmanager {
		raw = "-"
	}
	return a.File.Set(raw)
}

// alertmanager is the name of Prometheus Alertmanager.
const alertmanager = "alertmanager"

// Candidates are the names of the systems.
func (a *Alerts) Candidates(context.Context, Source, string) ([]Candidate, error) {
	return []Candidate{{alertmanager, "standard input, from Prometheus Alertmanager"}}, nil
}
