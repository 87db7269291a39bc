package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/runner"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Dialog is what a command asks on a terminal, one question after another, when its argument is missing. The answers become arguments and
// flags, so the run is the one of a command line, which is printed.
type Dialog struct {
	Trackers  []string // that the command needs: without them it asks nothing
	Unless    []string // flags that make the questions unnecessary, such as a file
	Questions []Question
}

// Question is one question of a dialog. It is skipped when its flag is on the command line. Where the flag completes in a shell, the
// candidates are listed.
type Question struct {
	Flag     string // that the answer sets; empty: the argument
	Text     string
	File     string                              // of answers that an editor may write: its name; empty: one line only
	Empty    string                              // what no answer means, such as "now"; empty: nothing
	When     func(flag func(string) string) bool // nil: always
	Required func(flag func(string) string) bool // nil: an answer is optional

	// Check finds early what the rules refuse later anyway; may be nil.
	Check func(ctx context.Context, s *app.Session, v pflag.Value) error
}

// Always is for a question that must be answered.
func Always(func(string) string) bool { return true }

// Asks is the argument with a dialog: without the argument, on a terminal, the command asks its questions.
func (a Arg) Asks(d Dialog) Arg {
	a.dialog = &d
	return a
}

// asks is the dialog that a command line starts; nil: none. Pipelines are asked nothing, even those with a terminal.
func asks(a *app.App, cmd *cobra.Command, args []Arg, given []string) *Dialog {
	if len(args) == 0 || len(given) > 0 || args[0].dialog == nil || a.Streams == nil || !a.Interactive() || a.Getenv("CI") != "" {
		return nil
	}
	d := args[0].dialog
	for _, name := range d.Unless {
		if f := cmd.Flags().Lookup(name); f != nil && f.Changed {
			return nil
		}
	}
	return d
}

// dialog is a dialog that is being held.
type dialog struct {
	s     *app.Session
	cmd   *cobra.Command
	args  []Arg
	words []string // the flags that were answered, as on the command line
	given []string
}

// ask holds a dialog and sets what was answered. Nobody answers questions before an error that could be known:
// a missing tracker, host or token comes first.
func ask(ctx context.Context, s *app.Session, cmd *cobra.Command, args []Arg, d *Dialog) error {
	if err := s.Config.RequireTrackers(d.Trackers...); err != nil {
		return err
	}
	if err := s.Connect(ctx); err != nil {
		return err
	}
	if _, err := s.Token(ctx, s.Config); err != nil {
		return err
	}
	h := &dialog{s: s, cmd: cmd, args: args}
	s.Notef("Enter skips an optional question, ^C stops. Nothing is sent before you confirm.")
	for _, q := range d.Questions {
		f := cmd.Flags().Lookup(q.Flag)
		if f != nil && f.Changed || q.When != nil && !q.When(h.flag) {
			continue
		}
		if err := h.one(ctx, q, f); err != nil {
			if fault.KindOf(err) == fault.Interrupted || errors.Is(err, context.Canceled) {
				err = fault.New(fault.Interrupted, fault.HintOf(err), "interrupted: nothing was sent")
			}
			return err
		}
	}
	s.Args, s.Asked = h.line(), true
	s.Notef("The same without questions:")
	// Not in a note: its indentation would change a text of several lines.
	fmt.Fprintf(s.Err, "    %s\n", sanitize.Text(runner.Retry(s)))
	return nil
}

// line are the words of the command line that has the answers.
func (h *dialog) line() []string {
	words := slices.Clone(h.s.Args)
	if last := len(words) - 1; last >= 0 && words[last] == "--" {
		words = words[:last]
	}
	if slices.ContainsFunc(h.given, func(word string) bool { return strings.HasPrefix(word, "-") }) {
		return slices.Concat(words, h.words, []string{"--"}, h.given)
	}
	return slices.Concat(words, h.given, h.words)
}

// flag is the value of a flag as it is now.
func (h *dialog) flag(name string) string {
	if f := h.cmd.Flags().Lookup(name); f != nil {
		return f.Value.String()
	}
	return ""
}

// one asks a question until its answer is valid.
func (h *dialog) one(ctx context.Context, q Question, f *pflag.Flag) error {
	value := h.args[0].Value
	if f != nil {
		value = own(f)
	}
	listed := h.list(ctx, value)
	required := q.Required != nil && q.Required(h.flag)
	numbers := len(listed) > 0 && listed[0].Meaning == "" && !anyWord(value)
	text := prompt(q, required, h.s.Edit != nil, numbers)
	for {
		raw, err := h.s.Line(ctx, text, wordsOf(listed))
		if err != nil {
			return err
		}
		if q.File == "" {
			raw = strings.Join(strings.Fields(raw), " ")
		}
		if q.File != "" && raw == "e" && h.s.Edit != nil {
			if raw, err = h.edited(q); fault.KindOf(err) == fault.Interrupted {
				return err
			}
		}
		if err == nil && raw == "" && required {
			err = errors.New("an answer is required")
		}
		if err == nil && raw != "" {
			err = h.set(ctx, q, f, value, numbered(raw, listed), listed)
		}
		if err == nil {
			return nil
		}
		h.s.Notef("%v", err)
	}
}

// prompt is the text before an answer.
func prompt(q Question, required, editor, numbers bool) string {
	var notes []string
	switch {
	case q.Empty != "":
		notes = append(notes, "default: "+q.Empty)
	case !required:
		notes = append(notes, "optional")
	}
	if numbers {
		notes = append(notes, "name or number")
	}
	if q.File != "" && editor {
		notes = append(notes, "e opens an editor")
	}
	if len(notes) == 0 {
		return q.Text + ": "
	}
	return q.Text + " (" + strings.Join(notes, "; ") + "): "
}

// set sets the argument or the flag to an answer that is valid. A value of a list cannot be taken back, so a copy is tried first.
func (h *dialog) set(ctx context.Context, q Question, f *pflag.Flag, value pflag.Value, raw string, listed []input.Candidate) error {
	if value.Type() == "bool" {
		yes, err := yesOrNo(raw)
		if err == nil && yes {
			h.words = append(h.words, "--"+f.Name)
			err = f.Value.Set("true")
			f.Changed = true
		}
		return err
	}
	tried := reflect.New(reflect.TypeOf(value).Elem())
	tried.Elem().Set(reflect.ValueOf(value).Elem())
	v := tried.Interface().(pflag.Value)
	err := v.Set(raw)
	if r, ok := v.(input.Resolver); ok && err == nil {
		err = r.Resolve(input.Context{Now: h.s.Time, Config: h.s.Config, Getenv: h.s.Getenv})
	}
	if err == nil && q.Check != nil {
		err = q.Check(ctx, h.s, v)
	}
	if err != nil {
		return err
	}
	if at := timeOf(v); !at.IsZero() {
		h.s.Notef("%s %s", echoed[f.Name], understood(at, h.s.Time, h.s.Config.Timezone))
		raw = at.Format(time.RFC3339)
	} else if slices.Contains(wordsOf(listed), v.String()) { // as it is spelled in the list
		raw = v.String()
	}
	if f == nil {
		h.given = []string{raw}
		return h.args[0].Value.Set(raw)
	}
	word := "--" + f.Name
	if f.Shorthand != "" {
		word = "-" + f.Shorthand
	}
	if strings.HasPrefix(raw, "-") {
		h.words = append(h.words, "--"+f.Name+"="+raw)
	} else {
		h.words = append(h.words, word, raw)
	}
	return h.cmd.Flags().Set(f.Name, raw)
}

func yesOrNo(raw string) (bool, error) {
	switch strings.ToLower(raw) {
	case "y", "yes":
		return true, nil
	case "n", "no":
		return false, nil
	}
	return false, fmt.Errorf("invalid answer %q (use y or n)", raw)
}

// edited is an answer that is written in an editor.
func (h *dialog) edited(q Question) (text string, err error) {
	err = runner.Form{Name: q.File, Required: q.Text,
		Parse: func(written string) error { text = strings.TrimSpace(written); return nil },
		Retry: func(file string) string { return "cat " + fault.Quote(file) },
	}.Fill(h.s)
	return text, err
}

// Bounds of the candidates that are listed.
const (
	listedMost  = 20
	listedWidth = 60
)

// list shows the candidates of a value and returns them. They are numbered unless they have meanings or are numbers.
func (h *dialog) list(ctx context.Context, value pflag.Value) []input.Candidate {
	c, ok := value.(input.Completer)
	if !ok {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(h.s.Patience, Patience))
	defer cancel()
	list, err := c.Candidates(ctx, source(h.s.App), "")
	if err != nil {
		return nil
	}
	if anyWord(value) { // Tab lists them
		return list
	}
	shown, width := list[:min(len(list), listedMost)], 0
	for _, found := range shown {
		width = max(width, len(found.Word))
	}
	for n, found := range shown {
		if found.Meaning == "" {
			h.s.Show(fmt.Sprintf("%3d  %s", n+1, found.Word))
		} else {
			h.s.Show(fmt.Sprintf("  %-*s  %s", width, found.Word, shortened(found.Meaning)))
		}
	}
	if more := len(list) - listedMost; more > 0 {
		h.s.Show(fmt.Sprintf("     and %d more", more))
	}
	return list
}

// shortened is a text that fits beside its word.
func shortened(text string) string {
	if runes := []rune(sanitize.Line(text)); len(runes) > listedWidth {
		return string(runes[:listedWidth-1]) + "…"
	}
	return text
}

// anyWord reports whether other values than the candidates are as good, so that they are not listed.
func anyWord(value pflag.Value) bool {
	return slices.Contains([]string{"time", "date", "duration"}, value.Type())
}

func wordsOf(list []input.Candidate) (words []string) {
	for _, c := range list {
		words = append(words, c.Word)
	}
	return words
}

// numbered replaces the numbers of candidates in an answer by the candidates. A candidate that is a number itself stays what it is.
func numbered(raw string, list []input.Candidate) string {
	if len(list) == 0 || list[0].Meaning != "" {
		return raw
	}
	words := wordsOf(list)
	parts := strings.Split(raw, ",")
	for i, part := range parts {
		part = strings.TrimSpace(part)
		if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= len(words) && !slices.Contains(words, part) {
			part = words[n-1]
		}
		parts[i] = part
	}
	return strings.Join(parts, ",")
}
