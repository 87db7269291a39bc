package render_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		o    render.Options
		want render.Format // empty: usage error
	}{
		{"defaults", render.Options{}, render.Table},
		{"json", render.Options{Format: render.JSON}, render.JSON},
		{"unknown", render.Options{Format: "xml"}, ""},
		{"jq is json", render.Options{JQ: "."}, render.JSON},
		{"jq with json", render.Options{Format: render.JSON, JQ: "."}, render.JSON},
		{"jq with yaml", render.Options{Format: render.YAML, JQ: "."}, ""},
		{"jq with table", render.Options{Format: render.Table, JQ: "."}, ""},
		{"jq that does not parse", render.Options{JQ: ".a["}, ""},
		{"jq of an unknown function", render.Options{JQ: "nothing(.)"}, ""},
		{"jq of a module", render.Options{JQ: `import "x" as x; .`}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			v, err := render.New(&bytes.Buffer{}, tt.o)
			switch {
			case tt.want == "" && (fault.KindOf(err) != fault.Usage || err == nil):
				t.Errorf("got %v, want a usage error", err)
			case tt.want != "" && (err != nil || v.Format() != tt.want):
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if got, want := render.Formats(), []string{"table", "json", "yaml", "csv", "md"}; !slices.Equal(got, want) {
		t.Errorf("formats %v, want %v", got, want)
	}
}

func TestJQ(t *testing.T) {
	t.Setenv("PRODCTL_TOKEN", "a-secret")
	for _, tt := range []struct {
		name, jq, want string
		tty            bool
	}{
		{"strings are raw", ".milestones[].title", "Current Milestone\nNext Milestone\nMigration of the registry's storage to another region\n2018-08-10 Milestone\n", false},
		{"others are compact", ".milestones[0] | {id, role}, .state, .days_left, null, [1.5]", `{"id":412,"role":"current"}` + "\nactive\n4\nnull\n[1.5]\n", false},
		{"nothing", "empty", "", false},
		{"halted", `.kind, halt, .kind`, "milestones\n", false},
		{"numbers keep their digits", "9007199254740993, .milestones[0].id", "9007199254740993\n412\n", false},
		{"a string in a pipe is whole", `"a\u001b[31m\u202e"`, "a\x1b[31m\u202e\n", false},
		{"a string on a terminal is sanitized", `"a\u001b[31m\u202e\nb"`, "a␛[31m<U+202E>\nb\n", true},
		{"an object never acts", `{a: "\u202e\u009b"}`, `{"a":"\u202e\u009b"}` + "\n", false},
		{"no environment", `$ENV, env`, "{}\n{}\n", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := written(t, calm("milestones"), render.Options{JQ: tt.jq, TTY: tt.tty})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestJQThatFails(t *testing.T) {
	t.Parallel()
	for _, jq := range []string{".milestones.title", `error("no")`, ".kind | tonumber", "1 | halt_error"} {
		var out bytes.Buffer
		v, err := render.New(&out, render.Options{JQ: ".kind, (" + jq + ")"})
		if err != nil {
			t.Fatal(err)
		}
		if err := calm("milestones").show(v); fault.KindOf(err) != fault.Usage || err == nil {
			t.Errorf("%s: got %v, want a usage error", jq, err)
		}
		if out.Len() > 0 {
			t.Errorf("%s: a partial result was written: %q", jq, out.String())
		}
	}
}

// An expression that never ends is given up with the context, and nothing of it is written.
func TestQueryIsInterrupted(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	v, err := render.New(&out, render.Options{JQ: ".kind, last(range(infinite))", Bounded: func() (context.Context, context.CancelFunc) {
		return ctx, func() {}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := calm("milestones").show(v); !errors.Is(err, context.Canceled) || out.Len() > 0 {
		t.Errorf("%v, %q", err, out.String())
	}
}

// Notes that a table for programs has no place for go to the aside writer, so that a job's log is not silent if there was nothing to do.
func TestAside(t *testing.T) {
	t.Parallel()
	note := "prodctl: Current Milestone is due on 2018-08-24: nothing to roll before\n"
	for _, tt := range []struct {
		name, doc string
		o         render.Options
		want      string
	}{
		{"pipe", "plan_empty", render.Options{}, "prodctl: milestone roll: nothing to do\n" + note},
		{"csv", "plan_empty", render.Options{Format: render.CSV}, "prodctl: milestone roll: nothing to do\n" + note},
		{"csv on a terminal", "plan_empty", render.Options{Format: render.CSV, TTY: true}, "prodctl: milestone roll: nothing to do\n" + note},
		{"page", "plan_empty", render.Options{TTY: true}, ""},
		{"json", "plan_empty", render.Options{Format: render.JSON}, ""},
		{"yaml", "plan_empty", render.Options{Format: render.YAML}, ""},
		{"md", "plan_empty", render.Options{Format: render.Markdown}, ""},
		{"quiet", "plan_empty", render.Options{Quiet: true}, ""},
		{"with rows", "applied", render.Options{}, "prodctl: issue #12 had been carried over before\n"},
		{"nothing to add", "milestones", render.Options{}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var aside bytes.Buffer
			tt.o.Aside = &aside
			written(t, calm(tt.doc), tt.o)
			if diff := cmp.Diff(tt.want, aside.String()); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// Quiet pages have the result without advice, and they always list the steps that were not done.
func TestQuiet(t *testing.T) {
	t.Parallel()
	for _, d := range documents(same) {
		o := render.Options{TTY: true, Width: 80}
		loud := written(t, d, o)
		o.Quiet = true
		quiet := written(t, d, o)
		if strings.Contains(quiet, "note: ") {
			t.Errorf("%s has notes:\n%s", d.name, quiet)
		}
		for line := range strings.Lines(quiet) {
			if !strings.Contains(loud, line) {
				t.Errorf("%s has only when quiet: %q", d.name, line)
			}
		}
	}
	stopped := written(t, calm("applied_stopped"), render.Options{TTY: true, Quiet: true})
	if !strings.Contains(stopped, "Stopped: 1 done") {
		t.Errorf("a quiet page hides that it stopped:\n%s", stopped)
	}
}

// A plan to confirm is a page on the other stream, whatever the format of the result.
func TestTo(t *testing.T) {
	t.Parallel()
	var result, screen bytes.Buffer
	v, err := render.New(&result, render.Options{JQ: ".kind"})
	if err != nil {
		t.Fatal(err)
	}
	if err := calm("plan").show(v.To(&screen, true, false)); err != nil {
		t.Fatal(err)
	}
	if want := written(t, calm("plan"), render.Options{TTY: true, Width: 80}); screen.String() != want {
		t.Errorf("got %q, want the page", screen.String())
	}
	if err := calm("plan").show(v); err != nil || result.String() != "plan\n" {
		t.Errorf("the result is %q, %v", result.String(), err)
	}
}

// Without a width nothing is cut and no line is broken.
func TestUnlimitedWidth(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 200) + "end"
	for _, d := range documents(func(string) string { return long }) {
		if page := written(t, d, render.Options{TTY: true}); strings.Contains(page, "…") && d.name != "board" {
			t.Errorf("%s is cut without a width:\n%.400s", d.name, page)
		}
	}
}

// Instants are on the reader's clock.
func TestLocation(t *testing.T) {
	t.Parallel()
	page := written(t, calm("version"), render.Options{TTY: true, Location: time.FixedZone("CEST", 2*60*60)})
	if want := "2018-08-20 09:05 CEST"; !strings.Contains(page, want) {
		t.Errorf("%q is not in\n%s", want, page)
	}
}

func TestResultThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, format := range render.Formats() {
		v, err := render.New(broken{}, render.Options{Format: render.Format(format)})
		if err != nil {
			t.Fatal(err)
		}
		if err := calm("labels").show(v); !errors.Is(err, errBroken) {
			t.Errorf("%s: got %v", format, err)
		}
	}
	v, err := render.New(&bytes.Buffer{}, render.Options{Aside: broken{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := calm("plan_empty").show(v); !errors.Is(err, errBroken) {
		t.Errorf("aside: got %v", err)
	}
}

// A value that no format can represent is an error, not half a document.
func TestValueWithoutAForm(t *testing.T) {
	t.Parallel()
	for _, format := range []render.Format{render.JSON, render.YAML} {
		var out bytes.Buffer
		v, err := render.New(&out, render.Options{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		err = v.Config(jsonv1.NewConfig("", []jsonv1.Setting{{Name: "x", Value: func() {}}}))
		if err == nil || out.Len() > 0 {
			t.Errorf("%s: got %v and %q", format, err, out.String())
		}
	}
}
