// Package input parses the values of flags and arguments: times, severities, services, references to issues and milestones. Each kind is
// one type that implements pflag.Value, explains what is wrong with a value, and offers candidates for completion.
//
// Start with [Resolver] and [Completer]. A value whose meaning depends on the configuration or the clock gets them in Resolve, before a
// command runs. No request is sent here, no command is known, and nothing is decided about the use of a value.
package input

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Context is what inputs are resolved against: the clock, the configuration and the files of the run.
type Context struct {
	Now    time.Time // UTC, whole seconds
	Config config.Config
	Getenv func(string) string
	Open   func(file string) ([]byte, error) // reads a file, or standard input for "-"
}

// A Resolver is an input whose meaning depends on the configuration or the clock. Resolve is called once, after all flags are parsed,
// even for a flag that is not set.
type Resolver interface {
	Resolve(Context) error
}

// A Completer offers candidates for completion. The caller keeps those that start with the input.
type Completer interface {
	Candidates(ctx context.Context, from Source, raw string) ([]Candidate, error)
}

// Candidate is a word for completion, with its meaning.
type Candidate struct {
	Word    string
	Meaning string // may be empty
}

// Source provides candidates that only the configuration or GitLab knows.
type Source struct {
	Config     config.Config // empty when the file that was found is not trusted
	Now        time.Time     // UTC
	Issues     func(ctx context.Context, in target.Target, label string) ([]issue.Issue, error)
	Milestones func(ctx context.Context) ([]milestone.Milestone, error)
	Projects   func(ctx context.Context, search string) ([]string, error)

	MergeRequests func(ctx context.Context, project string) ([]mergerequest.MergeRequest, error) // open, the newest first
}

// Invalid is the error of an input. The caller puts the name of the flag or argument before it.
type Invalid struct {
	Err   error
	Forms []string // valid forms, the simplest first
	Note  string   // an addition to the hint; may be empty
}

// Error is the cause.
func (e *Invalid) Error() string { return e.Err.Error() }

// Unwrap is the cause.
func (e *Invalid) Unwrap() error { return e.Err }

// FaultKind is Usage.
func (e *Invalid) FaultKind() fault.Kind { return fault.Usage }

// invalid is an [Invalid], or nil when err is.
func invalid(err error, forms ...string) error {
	if err == nil {
		return nil
	}
	return &Invalid{Err: err, Forms: forms}
}

// Text is free text.
type Text string

// Set takes the text.
func (t *Text) Set(raw string) error { *t = Text(raw); return nil }

// String is the text.
func (t *Text) String() string { return string(*t) }

// Type is text.
func (t *Text) Type() string { return "text" }

// Texts are several free texts, one for each argument.
type Texts []string

// Set adds a text.
func (t *Texts) Set(raw string) error { *t = append(*t, raw); return nil }

// String is the texts, as a list.
func (t *Texts) String() string { return strings.Join(*t, ", ") }

// Type is text.
func (t *Texts) Type() string { return "text" }

// value is a pointer to an input.
type value[T any] interface {
	*T
	pflag.Value
}

// List is several inputs of one type, separated by commas. The flag may be repeated.
type List[T any, P value[T]] []T

// Set adds the values, each once. A value of commas only is refused: it comes from unset variables in a pipeline and must not select
// everything.
func (l *List[T, P]) Set(raw string) error {
	if raw != "" && strings.Trim(raw, ", ") == "" {
		return invalid(fmt.Errorf("%q contains no %s", raw, P(new(T)).Type()))
	}
	for part := range strings.SplitSeq(raw, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		var item T
		if err := P(&item).Set(part); err != nil {
			return err
		}
		if !slices.Contains(words(l.items()), P(&item).String()) {
			*l = append(*l, item)
		}
	}
	return nil
}

// items are pointers to the inputs. What is done with them below does not depend on their type, so that the program has it only once.
func (l *List[T, P]) items() []pflag.Value {
	var out []pflag.Value
	for i := range *l {
		out = append(out, P(&(*l)[i]))
	}
	return out
}

// String is the list with commas.
func (l *List[T, P]) String() string { return strings.Join(words(l.items()), ",") }

// Type is that of an item, in the plural.
func (l *List[T, P]) Type() string { return P(new(T)).Type() + "s" }

// Resolve resolves each item.
func (l *List[T, P]) Resolve(c Context) error { return resolveAll(l.items(), c) }

// Candidates complete the last item, with those before it in front.
func (l *List[T, P]) Candidates(ctx context.Context, from Source, raw string) ([]Candidate, error) {
	return completeLast(ctx, P(new(T)), from, raw)
}

func words(items []pflag.Value) []string {
	var out []string
	for _, item := range items {
		out = append(out, item.String())
	}
	return out
}

func resolveAll(items []pflag.Value, c Context) error {
	for _, item := range items {
		if r, ok := item.(Resolver); ok {
			if err := r.Resolve(c); err != nil {
				return err
			}
		}
	}
	return nil
}

func completeLast(ctx context.Context, item pflag.Value, from Source, raw string) ([]Candidate, error) {
	completer, ok := item.(Completer)
	if !ok {
		return nil, nil
	}
	before, last := "", raw
	if at := strings.LastIndexByte(raw, ','); at >= 0 {
		before, last = raw[:at+1], raw[at+1:]
	}
	taken := strings.Split(before, ",")
	var list []Candidate
	all, err := completer.Candidates(ctx, from, last)
	for _, c := range all {
		if !slices.Contains(taken, c.Word) {
			if c.Word = before + c.Word; before != "" {
				c.Meaning = "" // shells lose a word with a comma and a description
			}
			list = append(list, c)
		}
	}
	return list, err
}
