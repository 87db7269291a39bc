// Package fault lets requests go wrong on purpose: answers replaced, connections cut, delays. Start with Fault and Parse;
// a Set counts the requests, and a Strike carries out what befalls one of them. What an honest server refuses is not here:
// see failure and throttle.
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

// The kinds of faults. A request that is "carried out" has its full effect on
// the state, whatever its caller gets to see.
const (
	Status     Kind = "status"      // answered Status, not carried out
	DropBefore Kind = "drop-before" // connection cut, not carried out
	DropAfter  Kind = "drop-after"  // carried out, connection cut before the answer
	ErrorAfter Kind = "error-after" // carried out, answered Status
	Truncate   Kind = "truncate"    // carried out, connection cut in the middle of the answer's body
	Delay      Kind = "delay"       // carried out, answered after Delay
	HTML       Kind = "html"        // not carried out, 200 with the page of a single sign-on
	Limit      Kind = "limit"       // not carried out, 429 of an application limit: JSON, and no Retry-After
)

// Fault is one thing that goes wrong on purpose.
//
// Every fault counts the requests that match its Method and Path since it was
// added. With Nth it strikes at that one only (the first is 1), with Every at
// each k-th, with neither at all of them. Where several faults strike the same
// request their delays add up, and of the rest the one added first wins.
type Fault struct {
	Method string // "PUT"; "ANY" or nothing for all of them
	// Path is a glob over the escaped path below /api/v4: "*" stands for anything
	// within one segment (so also for "acme%2Finfrastructure"), "**" for anything.
	// Behind a "?" stand parameters that the query must have, parted by "&":
	// "search" with any value, "state=closed" with one that fits the glob.
	Path       string
	Nth, Every int
	Kind       Kind
	Status     int           // of StatusFault and ErrorAfter
	Delay      time.Duration // of DelayFault
}

// Parse reads "METHOD PATH [nth=N] [every=N] KIND", the words after PATH
// in any order. KIND is status=N, drop-before, drop-after, error-after=N,
// truncate, delay=2s, html or limit.
func Parse(spec string) (Fault, error) {
	words := strings.Fields(spec)
	if len(words) < 3 {
		return Fault{}, fmt.Errorf("fault %q: want METHOD PATH [nth=N] [every=N] KIND", spec)
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

// set takes one word after the path.
func (f *Fault) set(word string) error {
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "nth":
		return positive(&f.Nth, name, value)
	case "every":
		return positive(&f.Every, name, value)
	}
	if f.Kind != "" {
		return fmt.Errorf("%q after %q: one kind only", word, f.Kind)
	}
	f.Kind = Kind(name)
	switch f.Kind {
	case Status, ErrorAfter:
		return positive(&f.Status, name, value)
	case Delay:
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return fmt.Errorf("delay=%q: want a duration such as 2s", value)
		}
		f.Delay = d
		return nil
	case DropBefore, DropAfter, Truncate, HTML, Limit:
		if word != name {
			return fmt.Errorf("%q takes no value", name)
		}
		return nil
	}
	return fmt.Errorf("unknown word %q; kinds are status=N, drop-before, drop-after, error-after=N, truncate, delay=2s, html, limit", word)
}

func positive(to *int, name, value string) error {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 {
		return fmt.Errorf("%s=%q: want a number from 1", name, value)
	}
	if *to != 0 {
		return fmt.Errorf("%s is given twice", name)
	}
	*to = n
	return nil
}

func (f *Fault) check() error {
	switch {
	case strings.Trim(f.Method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "":
		return fmt.Errorf("method %q: want GET, PUT, ... or ANY", f.Method)
	case !strings.HasPrefix(f.Path, "/") && !strings.HasPrefix(f.Path, "**"):
		return fmt.Errorf("path %q: want it to begin with / or **", f.Path)
	case !namesParameters(f.Path):
		return fmt.Errorf("path %q: want the name of a parameter after ? and &", f.Path)
	case f.Kind == "":
		return errors.New("no kind of fault")
	case f.Nth != 0 && f.Every != 0:
		return errors.New("nth and every exclude each other")
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d: want 400 to 599", f.Status)
	}
	return nil
}

// String is the form that ParseFault reads.
func (f Fault) String() string {
	words := []string{cmp.Or(f.Method, "ANY"), f.Path}
	if f.Nth != 0 {
		words = append(words, "nth="+strconv.Itoa(f.Nth))
	}
	if f.Every != 0 {
		words = append(words, "every="+strconv.Itoa(f.Every))
	}
	return strings.Join(append(words, f.strike()), " ")
}

// strike is what happens, without where and when.
func (f Fault) strike() string {
	switch f.Kind {
	case Status, ErrorAfter:
		return string(f.Kind) + "=" + strconv.Itoa(f.Status)
	case Delay:
		return string(f.Kind) + "=" + f.Delay.String()
	}
	return string(f.Kind)
}
