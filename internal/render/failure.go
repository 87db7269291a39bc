package render

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Error writes why a command did not end well, to standard error: a JSON object in JSON mode, else the causes, each on a
// line that begins with "prodctl: ", and below them the hints. What is said of several causes stands once above them.
// kind decides the exit code that JSON names.
func Error(w io.Writer, err error, kind fault.Kind, format Format, color bool) error {
	causes, hints := causes(err, "", ""), hints(err)
	text := ""
	if format == JSON {
		var messages []string
		for _, c := range causes {
			messages = append(messages, c.before+c.what)
		}
		doc := jsonv1.NewError(strings.Join(messages, "\n"), messages, strings.Join(hints, "\n"), int(kind), reason(kind))
		data, err := jsonv1.Marshal(doc)
		if err != nil {
			return fmt.Errorf("write JSON: %w", err)
		}
		text = escapeHidden(string(data), jsonEscape)
	} else {
		text = complaint(layout.NewInk(color), causes, hints)
	}
	_, werr := io.WriteString(w, text)
	return werr
}

// cause is one error of those that were joined, behind what was said of all of them.
type cause struct{ before, what string }

func complaint(k layout.Ink, causes []cause, hints []string) string {
	var b strings.Builder
	name := k.Paint(as(bad, "prodctl:")) + " "
	for len(causes) > 0 {
		first, n := causes[0], 1
		for n < len(causes) && first.before != "" && causes[n].before == first.before {
			n++
		}
		if n == 1 {
			b.WriteString(name + indented(first.before+first.what) + "\n")
		} else {
			b.WriteString(name + indented(strings.TrimRight(first.before, " ")) + "\n")
			for _, c := range causes[:n] {
				b.WriteString("  " + indented(c.what) + "\n")
			}
		}
		causes = causes[n:]
	}
	for _, h := range hints {
		b.WriteString(k.Paint(as(faint, "hint:")) + " " + indented(h) + "\n")
	}
	return b.String()
}

// indented keeps the lines after the first apart from the next message.
func indented(s string) string {
	return strings.ReplaceAll(sanitize.Text(strings.TrimRight(s, "\n")), "\n", "\n    ")
}

// causes are the messages of errors that were joined, each once. before is what was said of all of those that were
// joined last, and own what was said of err since.
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
		if said, ok := strings.CutSuffix(err.Error(), inner.Error()); ok {
			return causes(inner, before, own+said)
		}
	}
	return []cause{{before, own + err.Error()}}
}

// isJoin tells errors.Join from an error that names several others in a sentence of its own.
func isJoin(err error, parts []error) bool {
	var lines []string
	for _, e := range parts {
		lines = append(lines, e.Error())
	}
	return err.Error() == strings.Join(lines, "\n")
}

// hints are what the errors advise, from the outside in, each once. Where several errors are joined, those of all.
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

// reason is the kind in a word of the JSON form.
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
