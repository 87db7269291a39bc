// Package fault injects failures into requests: replaced answers, cut connections, delays. Start with Fault and
// Parse. A Set counts the requests, and an Injection carries out what happens to one of them. Refusals of a healthy
// server are not here: see failure and throttle.
package fault

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Kind says what goes wrong with a request.
type Kind string

// The kinds of faults. A request that is "carried out" has its full effect on the state, whatever its caller sees.
const (
	Status     Kind = "status"      // answered with Status, not carried out
	DropBefore Kind = "drop-before" // connection cut, not carried out
	DropAfter  Kind = "drop-after"  // carried out, connection cut before the answer
	ErrorAfter Kind = "error-after" // carried out, answered with Status
	Truncate   Kind = "truncate"    // carried out, connection cut in the middle of the response body
	Delay      Kind = "delay"       // carried out, answered after Delay
	HTML       Kind = "html"        // not carried out, 200 with the page of a single sign-on
	Limit      Kind = "limit"       // not carried out, 429 of an application limit: JSON, with Retry-After only for notes

	Other         Kind = "other"          // not carried out, 200 with another object of the same kind
	OtherAfter    Kind = "other-after"    // carried out, 200 with another object of the same kind
	Nonsense      Kind = "nonsense"       // not carried out, 200 with a message instead of an object
	NonsenseAfter Kind = "nonsense-after" // carried out, 200 with a message instead of an object
	NoPaging      Kind = "no-paging"      // carried out, answered without the headers of pagination

	Late  Kind = "late"  // connection cut, carried out Delay after the request arrived
	Again Kind = "again" // carried out and answered, and carried out once more Delay after the request arrived
)

// Fault is one failure to inject.
//
// Every fault counts the requests that match its Method and Path since it was added. With Nth it fires on that
// request only (the first is 1), with Every on each k-th, with neither on all of them. If several faults fire on the
// same request, their delays add up, and of the rest the one added first wins.
type Fault struct {
	Method string // "PUT"; "ANY" or "" for all of them
	// Path is a glob for the escaped path below /api/v4: "*" matches anything within one segment (so also
	// "acme%2Finfrastructure"), "**" matches anything. After a "?" come the parameters that the query must have,
	// separated by "&": "search" with any value, "state=closed" with a value that matches the glob.
	Path       string
	Nth, Every int
	Kind       Kind
	Status     int           // of Status and ErrorAfter
	Delay      time.Duration // of Delay, Late and Again
}

// Parse reads "METHOD PATH [nth=N] [every=N] KIND", with the words after PATH in any order. KIND is status=N,
// drop-before, drop-after, error-after=N, truncate, delay=2s, html, limit, other, other-after, nonsense, nonsense-after,
// no-paging, late=33s or again=5s.
func Parse(spec string) (Fault, error) {
	words := strings.Fields(spec)
	if len(words) < 3 {
		return Fault{}, fmt.Errorf("invalid fault %q (use METHOD PATH [nth=N] [every=N] KIND)", spec)
	}
	f := Fault{Method: strings.ToUpper(words[0]), Path: strings.TrimPrefix(words[1], "/api/v4")}
	for _, word := range words[2:] {
		if err := f.set(word); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", spec, err)
		}
	}
	if err := f.check(); err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", spec, err)
	}
	return f, nil
}

// set parses one word after the path.
func (f *Fault) set(word string) error {
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "nth":
		return positive(&f.Nth, name, value)
	case "every":
		return positive(&f.Every, name, value)
	}
	if f.Kind != "" {
		return fmt.Errorf("%q after %q: only one kind is allowed", word, f.Kind)
	}
	f.Kind = Kind(name)
	switch f.Kind {
	case Status, ErrorAfter:
		return positive(&f.Status, name, value)
	case Delay, Late, Again:
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return fmt.Errorf("%s=%q: want a duration such as 2s", name, value)
		}
		f.Delay = d
		return nil
	case DropBefore, DropAfter, Truncate, HTML, Limit, Other, OtherAfter, Nonsense, NonsenseAfter, NoPaging:
		if word != name {
			return fmt.Errorf("%q takes no value", name)
		}
		return nil
	}
	return fmt.Errorf("unknown word %q (kinds: status=N, drop-before, drop-after, error-after=N, truncate, delay=2s, html, limit, "+
		"other, other-after, nonsense, nonsense-after, no-paging, late=33s, again=5s)", word)
}

func positive(to *int, name, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return fmt.Errorf("%s=%q: want a positive number", name, value)
	}
	if *to != 0 {
		return fmt.Errorf("%s is set twice", name)
	}
	*to = n
	return nil
}

func (f *Fault) check() error {
	switch {
	case strings.Trim(f.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return fmt.Errorf("method %q: want GET, PUT, ... or ANY", f.Method)
	case !strings.HasPrefix(f.Path, "/") && !strings.HasPrefix(f.Path, "**"):
		return fmt.Errorf("path %q: must begin with / or **", f.Path)
	case !namesParameters(f.Path):
		return fmt.Errorf("path %q: missing parameter name after ? or &", f.Path)
	case f.Kind == "":
		return errors.New("missing kind of fault")
	case f.Nth != 0 && f.Every != 0:
		return errors.New("nth and every cannot be combined")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d: want 400 to 599", f.Status)
	}
	return nil
}

// String returns the fault in the form that Parse reads.
func (f Fault) String() string {
	words := []string{cmp.Or(f.Method, "ANY"), f.Path}
	if f.Nth != 0 {
		words = append(words, "nth="+strconv.Itoa(f.Nth))
	}
	if f.Every != 0 {
		words = append(words, "every="+strconv.Itoa(f.Every))
	}
	return strings.Join(append(words, f.effect()), " ")
}

// effect returns the kind with its value, without method, path and count.
func (f Fault) effect() string {
	switch f.Kind {
	case Status, ErrorAfter:
		return string(f.Kind) + "=" + strconv.Itoa(f.Status)
	case Delay, Late, Again:
		return string(f.Kind) + "=" + f.Delay.String()
	}
	return string(f.Kind)
}
