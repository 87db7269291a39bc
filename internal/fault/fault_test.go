package fault

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

// other takes part in KindOf and HintOf as gitlab.Error does.
type other struct{ hint string }

func (o other) Error() string     { return "other" }
func (o other) FaultKind() Kind   { return Auth }
func (o other) FaultHint() string { return o.hint }

func TestKindOfIsTheOutermost(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want Kind
	}{
		"plain":              {io.EOF, Failed},
		"own":                {New(Refused, "", "no"), Refused},
		"wrapped":            {fmt.Errorf("doing: %w", New(Usage, "", "no")), Usage},
		"outermost":          {Wrap(Partial, New(Auth, "", "no"), "", "2 of 3"), Partial},
		"another type":       {fmt.Errorf("doing: %w", other{}), Auth},
		"the first of a few": {errors.Join(io.EOF, other{}, New(Usage, "", "x")), Auth},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("%s: kind %d, want %d", name, got, c.want)
		}
	}
}

func TestHintOfIsTheFirstThatSaysSomething(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"none":              {io.EOF, ""},
		"own":               {New(Refused, "try that", "no"), "try that"},
		"below an empty":    {Wrap(Partial, New(Auth, "log in", "no"), "", "2 of 3"), "log in"},
		"above another":     {Wrap(Partial, New(Auth, "log in", "no"), "go on", "2 of 3"), "go on"},
		"another type":      {fmt.Errorf("doing: %w", other{"ask"}), "ask"},
		"below another one": {Wrap(Partial, fmt.Errorf("doing: %w", other{"ask"}), "", "x"), "ask"},
	} {
		if got := HintOf(c.err); got != c.want {
			t.Errorf("%s: hint %q, want %q", name, got, c.want)
		}
	}
}

func TestMessages(t *testing.T) {
	if got := Wrap(Failed, io.EOF, "", "read %s", "x").Error(); got != "read x: EOF" {
		t.Errorf("wrapped: %q", got)
	}
	if got := Wrap(Failed, io.EOF, "", "").Error(); got != "EOF" {
		t.Errorf("wrapped in nothing: %q", got)
	}
	if err := Wrap(Partial, fmt.Errorf("x: %w", Unknown), "", "y"); !errors.Is(err, Unknown) || errors.Is(err, Taken) {
		t.Error("the class is lost")
	}
}
