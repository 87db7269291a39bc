package render

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/machine"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Error writes why a command failed to standard error: a JSON object in JSON mode, else one line for each cause that begins with
// "prodctl: ", and the hints below. A message that several causes have in common is written once above them. kind sets the exit code in
// the JSON object.
func Error(w io.Writer, err error, kind fault.Kind, format Format, color bool) error {
	causes, hints := causes(err, "", ""), hints(err)
	text := ""
	if format == JSON {
		var messages []string
		for _, c := range causes {
			messages = append(messages, c.before+c.text)
		}
		doc := jsonv1.NewError(strings.Join(messages, "\n"), messages, strings.Join(hints, "\n"), int(kind), reason(kind))
		data, err := jsonv1.Marshal(doc)
		if err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		text = machine.Escaped(data)
	} else {
		text = plainError(layout.NewInk(color), causes, hints)
	}
	_, werr := io.WriteString(w, text)
	return werr
}

// cause is one of several joined errors, with the message that all of them have in common.
type cause struct{ before, text string }

func plainError(k layout.Ink, causes []cause, hints []string) string {
	var b strings.Builder
	name := k.Paint(as(bad, "prodctl:")) + " "
	for len(causes) > 0 {
		first, n := causes[0], 1
		for n < len(causes) && first.before != "" && causes[n].before == first.before {
			n++
		}
		if n == 1 {
			b.WriteString(name + indented(first.before+first.text) + "\n")
		} else {
			b.WriteString(name + indented(strings.TrimRight(first.before, " ")) + "\n")
			for _, c := range causes[:n] {
				b.WriteString("  " + indented(c.text) + "\n")
			}
		}
		causes = causes[n:]
	}
	for _, h := range hints {
		b.WriteString(k.Paint(as(faint, "hint:")) + " " + indented(h) + "\n")
	}
	return b.String()
}

// indented indents the lines after the first, to set them apart from the next message.
func indented(s string) string {
	return strings.ReplaceAll(sanitize.Text(strings.TrimRight(s, "\n")), "\n", "\n    ")
}

// causes returns the messages of joined errors, without duplicates. before is the message around the innermost join, and own the message
// around err since then.
func causes(err error, before, own string) []cause {
	if joined, ok := err.(interface{ Unwrap() []error }); ok && isJoin(err, joined.Unwrap()) {
		var list []cause
		for _, e := range joined.Unwrap() {
			for _, c := range causes(e, before+own, "") {
				if !slices.Contains(list, c) {
					list = append(list, c)
				}
			}
		}
		return list
	}
	if inner := errors.Unwrap(err); inner != nil {
		if message, ok := strings.CutSuffix(err.Error(), inner.Error()); ok {
			return causes(inner, before, own+message)
		}
	}
	return []cause{{before, own + err.Error()}}
}

// isJoin tells the result of errors.Join from an error that names several others in one sentence.
func isJoin(err error, parts []error) bool {
	var lines []string
	for _, e := range parts {
		lines = append(lines, e.Error())
	}
	return err.Error() == strings.Join(lines, "\n")
}

// hints returns the hints of an error, from the outside in and without duplicates. For joined errors these are the hints of all.
func hints(err error) []string {
	var list []string
	add := func(s string) {
		if s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	if h, ok := err.(interface{ FaultHint() string }); ok && h.FaultHint() != "" {
		return []string{h.FaultHint()}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			for _, h := range hints(e) {
				add(h)
			}
		}
	} else if inner := errors.Unwrap(err); inner != nil {
		return hints(inner)
	}
	return list
}

// reason names the kind in the JSON form.
func reason(kind fault.Kind) string {
	switch kind {
	case fault.Partial:
		return "partial"
	case fault.Auth:
		return "auth"
	case fault.Refused:
		return "refused"
	case fault.Usage:
		return "usage"
	case fault.Unreachable:
		return "unreachable"
	case fault.Pending:
		return "pending"
	case fault.Interrupted:
		return "interrupted"
	}
	return "failed"
}
