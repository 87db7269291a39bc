package fakegitlab

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// FaultKind says what goes wrong with a request.
type FaultKind string

// The kinds of faults. A request that is "carried out" has its full effect on
// the state, whatever its caller gets to see.
const (
	StatusFault FaultKind = "status"      // answered Status, not carried out
	DropBefore  FaultKind = "drop-before" // connection cut, not carried out
	DropAfter   FaultKind = "drop-after"  // carried out, connection cut before the answer
	ErrorAfter  FaultKind = "error-after" // carried out, answered Status
	Truncate    FaultKind = "truncate"    // carried out, connection cut in the middle of the answer's body
	DelayFault  FaultKind = "delay"       // carried out, answered after Delay
	HTMLFault   FaultKind = "html"        // not carried out, 200 with the page of a single sign-on
	LimitFault  FaultKind = "limit"       // not carried out, 429 of an application limit: JSON, and no Retry-After
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
	Kind       FaultKind
	Status     int           // of StatusFault and ErrorAfter
	Delay      time.Duration // of DelayFault
}

// ParseFault reads "METHOD PATH [nth=N] [every=N] KIND", the words after PATH
// in any order. KIND is status=N, drop-before, drop-after, error-after=N,
// truncate, delay=2s, html or limit.
func ParseFault(spec string) (Fault, error) {
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
	f.Kind = FaultKind(name)
	switch f.Kind {
	case StatusFault, ErrorAfter:
		return positive(&f.Status, name, value)
	case DelayFault:
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 {
			return fmt.Errorf("delay=%q: want a duration such as 2s", value)
		}
		f.Delay = d
		return nil
	case DropBefore, DropAfter, Truncate, HTMLFault, LimitFault:
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
	case StatusFault, ErrorAfter:
		return string(f.Kind) + "=" + strconv.Itoa(f.Status)
	case DelayFault:
		return string(f.Kind) + "=" + f.Delay.String()
	}
	return string(f.Kind)
}

func (f Fault) matches(method, path, query string) bool {
	if f.Method != "ANY" && f.Method != "" && f.Method != method {
		return false
	}
	pattern, wanted, narrowed := strings.Cut(f.Path, "?")
	return globMatch(pattern, path) && (!narrowed || queryMatch(wanted, query))
}

// namesParameters reports whether what follows a "?" in the path is what
// queryMatch can read.
func namesParameters(path string) bool {
	_, wanted, narrowed := strings.Cut(path, "?")
	for _, one := range strings.Split(wanted, "&") {
		if name, _, _ := strings.Cut(one, "="); narrowed && name == "" {
			return false
		}
	}
	return true
}

// queryMatch reports whether the query has all the wanted parameters. A list
// may be named with or without its brackets.
func queryMatch(wanted, query string) bool {
	given, _ := url.ParseQuery(query) // what can be read of a broken one
	for _, one := range strings.Split(wanted, "&") {
		name, pattern, valued := strings.Cut(one, "=")
		values := slices.Concat(given[name], given[name+"[]"])
		if !slices.ContainsFunc(values, func(v string) bool { return !valued || globMatch(pattern, v) }) {
			return false
		}
	}
	return true
}

// faultSet holds the armed faults. The zero value is empty and ready.
type faultSet struct {
	mu    sync.Mutex
	armed []*armedFault
}

type armedFault struct {
	Fault
	seen int
}

func (fs *faultSet) add(f Fault) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.armed = append(fs.armed, &armedFault{Fault: f})
}

func (fs *faultSet) clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.armed = nil
}

// pick counts a request with every fault that matches it and returns what
// strikes it. path is escaped and lies below /api/v4; query is what follows
// its "?".
func (fs *faultSet) pick(method, path, query string) strike {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var s strike
	for _, f := range fs.armed {
		if !f.matches(method, path, query) {
			continue
		}
		f.seen++
		switch {
		case f.Nth != 0 && f.seen != f.Nth, f.Every != 0 && f.seen%f.Every != 0:
		case f.Kind == DelayFault:
			s.delay += f.Delay
			s.names = append(s.names, f.strike())
		case s.kind == "":
			s.kind, s.status = f.Kind, f.Status
			s.names = append(s.names, f.strike())
		}
	}
	return s
}

// globMatch reports whether path as a whole matches pattern, where "*" stands
// for any run without "/" and "**" for any run.
func globMatch(pattern, path string) bool {
	if pattern == "**" {
		return true
	}
	// reach[i] says that the pattern read so far can end right before path[i].
	reach := make([]bool, len(path)+1)
	reach[0] = true
	for i := 0; i < len(pattern); i++ {
		if pattern[i] != '*' {
			for j := len(path); j > 0; j-- {
				reach[j] = reach[j-1] && path[j-1] == pattern[i]
			}
			reach[0] = false
			continue
		}
		crosses := i+1 < len(pattern) && pattern[i+1] == '*'
		if crosses {
			i++
		}
		for j := 1; j <= len(path); j++ {
			reach[j] = reach[j] || reach[j-1] && (crosses || path[j-1] != '/')
		}
	}
	return reach[len(path)]
}

// writeFailure answers as GitLab, or what stands in front of it, does with
// that status.
func writeFailure(w http.ResponseWriter, status int) {
	text := http.StatusText(status)
	switch status {
	case http.StatusTooManyRequests:
		w.Header().Set("Retry-After", "1")
		writePlain(w, status, "Retry later\n")
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		writeHTML(w, status, fmt.Sprintf("<html><head><title>%d %s</title></head><body>%d %s</body></html>\n", status, text, status, text))
	default:
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"message":"%d %s"}`, status, text)
	}
}

func writePlain(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

func writeHTML(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}
