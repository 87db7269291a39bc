package render_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func failure(t *testing.T, err error, format render.Format, color bool) string {
	t.Helper()
	var out bytes.Buffer
	if werr := render.Error(&out, err, fault.KindOf(err), format, color); werr != nil {
		t.Fatal(werr)
	}
	return out.String()
}

func TestError(t *testing.T) {
	t.Parallel()
	refused := fault.New(fault.Refused, "prodctl milestone roll --early", "it is not due before 2018-08-24")
	scope := fault.New(fault.Auth, "prodctl auth login", "the token may not write")
	for _, tt := range []struct {
		name   string
		err    error
		text   string
		causes []string
		hint   string
	}{
		{"plain", errors.New("no such file"), "prodctl: no such file\n", nil, ""},
		{"with a hint", refused, "prodctl: it is not due before 2018-08-24\nhint: prodctl milestone roll --early\n", nil, "prodctl milestone roll --early"},
		{"wrapped", fmt.Errorf("roll acme: %w", refused), "prodctl: roll acme: it is not due before 2018-08-24\nhint: prodctl milestone roll --early\n",
			nil, "prodctl milestone roll --early"},
		{"joined", errors.Join(refused, scope), "prodctl: it is not due before 2018-08-24\nprodctl: the token may not write\n" +
			"hint: prodctl milestone roll --early\nhint: prodctl auth login\n",
			[]string{"it is not due before 2018-08-24", "the token may not write"}, "prodctl milestone roll --early\nprodctl auth login"},
		{"joined under a sentence", fault.Wrap(fault.Partial, errors.Join(fmt.Errorf("issue 1: %w", scope), fmt.Errorf("issue 2: %w", scope)), "",
			"3 of 5 steps were done"), "prodctl: 3 of 5 steps were done:\n  issue 1: the token may not write\n  issue 2: the token may not write\nhint: prodctl auth login\n",
			[]string{"3 of 5 steps were done: issue 1: the token may not write", "3 of 5 steps were done: issue 2: the token may not write"}, "prodctl auth login"},
		{"one joined under a sentence", fmt.Errorf("labels: %w", errors.Join(scope)), "prodctl: labels: the token may not write\nhint: prodctl auth login\n",
			nil, "prodctl auth login"},
		{"duplicates", errors.Join(scope, fmt.Errorf("b: %w", errors.Join(scope, scope))), "prodctl: the token may not write\n" +
			"prodctl: b: the token may not write\nhint: prodctl auth login\n",
			[]string{"the token may not write", "b: the token may not write"}, "prodctl auth login"},
		{"a sentence that names two", fmt.Errorf("%w, and so %w", scope, refused), "prodctl: the token may not write, and so it is not due before 2018-08-24\n" +
			"hint: prodctl auth login\nhint: prodctl milestone roll --early\n", nil, "prodctl auth login\nprodctl milestone roll --early"},
		{"the outer hint wins", fault.Wrap(fault.Auth, scope, "ask an owner", "project acme"),
			"prodctl: project acme: the token may not write\nhint: ask an owner\n", nil, "ask an owner"},
		{"several lines", fault.New(fault.Failed, "a\nb", "one\ntwo\n"), "prodctl: one\n    two\nhint: a\n    b\n", nil, "a\nb"},
		{"hostile", fault.New(fault.Failed, "\x1b[2J", "title \x1b]0;x\x07 \u202e"), "prodctl: title ␛]0;x␇ <U+202E>\nhint: ␛[2J\n", nil, "\x1b[2J"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.text, failure(t, tt.err, render.Table, false)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			colored := failure(t, tt.err, render.CSV, true)
			if diff := cmp.Diff(tt.text, sgr.ReplaceAllString(colored, "")); diff != "" || colored == tt.text {
				t.Errorf("in colour %q differs in more than styles:\n%s", colored, diff)
			}
			got := failure(t, tt.err, render.JSON, true)
			var doc jsonv1.Error
			if err := json.Unmarshal([]byte(got), &doc); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.causes, []string(doc.Causes), cmp.Transformer("none", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
				t.Errorf("causes (-want +got):\n%s", diff)
			}
			if doc.Hint != tt.hint || doc.Version != 1 || doc.Kind != jsonv1.KindError || doc.Code != int(fault.KindOf(tt.err)) {
				t.Errorf("got %+v, want hint %q", doc, tt.hint)
			}
			if len(doc.Causes) > 0 && doc.Message != strings.Join(doc.Causes, "\n") {
				t.Errorf("the message %q is not all of its causes", doc.Message)
			}
			if strings.ContainsAny(got, "\x1b\u202e") {
				t.Errorf("JSON acts on a terminal: %q", got)
			}
		})
	}
}

// Each exit code has a reason, which scripts may rely on.
func TestErrorReasons(t *testing.T) {
	t.Parallel()
	for kind, want := range map[fault.Kind]string{
		fault.Failed: "failed", fault.Partial: "partial", fault.Auth: "auth", fault.Refused: "refused", fault.Usage: "usage",
		fault.Unreachable: "unreachable", fault.Pending: "pending", fault.Interrupted: "interrupted", 99: "failed",
	} {
		var doc jsonv1.Error
		if err := json.Unmarshal([]byte(failure(t, fault.New(kind, "", "x"), render.JSON, false)), &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Reason != want || doc.Code != int(kind) {
			t.Errorf("kind %d is %q with code %d, want %q", kind, doc.Reason, doc.Code, want)
		}
	}
}

func TestErrorThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, format := range []render.Format{render.Table, render.JSON} {
		if err := render.Error(broken{}, errors.New("x"), fault.Failed, format, false); !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v", format, err)
		}
	}
}

var errBroken = errors.New("the pipe is gone")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }
