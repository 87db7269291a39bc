package render

import (
	"errors"
	"io"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/visible"
)

// Error writes why a command did not end well, to standard error: a JSON object in JSON mode, else a line
// for each cause that begins with "prodctl: ", and below them the hints. kind decides the exit code that JSON names.
func Error(w io.Writer, err error, kind fault.Kind, format Format, color bool) error {
	causes, hints := causes(err, ""), hints(err)
	if format == JSON {
		doc := jsonv1.NewError(strings.Join(causes, "\n"), causes, strings.Join(hints, "\n"), int(kind), reason(kind))
		data, merr := jsonv1.Marshal(doc)
		if merr != nil {
			return merr
		}
		_, werr := io.WriteString(w, escapeHidden(string(data), jsonEscape))
		return werr
	}
	k := ink{color}
	var b strings.Builder
	for _, c := range causes {
		b.WriteString(k.paint(as(bad, "prodctl:")) + " " + indented(c) + "\n")
	}
	for _, h := range hints {
		b.WriteString(k.paint(as(faint, "hint:")) + " " + indented(h) + "\n")
	}
	_, werr := io.WriteString(w, b.String())
	return werr
}

// indented keeps the lines after the first apart from the next message.
func indented(s string) string {
	return strings.ReplaceAll(visible.Text(strings.TrimRight(s, "\n")), "\n", "\n  ")
}

// causes are the messages of errors that were joined, each behind what was said of all of them.
func causes(err error, before string) []string {
	if joined, ok := err.(interface{ Unwrap() []error }); ok && isJoin(err, joined.Unwrap()) {
		var list []string
		for _, e := range joined.Unwrap() {
			for _, c := range causes(e, before) {
				if !slices.Contains(list, c) {
					list = append(list, c)
				}
			}
		}
		return list
	}
	if inner := errors.Unwrap(err); inner != nil {
		if said, ok := strings.CutSuffix(err.Error(), inner.Error()); ok {
			return causes(inner, before+said)
		}
	}
	return []string{before + err.Error()}
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
