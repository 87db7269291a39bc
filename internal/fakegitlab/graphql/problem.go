package graphql

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// problem is one entry of errors in an answer.
type problem struct {
	message    string
	at         []*ast.Position
	path       []any    // names and indices; nil if the error has no place
	extensions []string // names and values in turn
	more       func(e *jsonenc.Encoder)
}

// errUnavailable is the answer for objects that do not exist or that the caller may not see or change.
const errUnavailable = refusal("The resource that you are attempting to access does not exist or you don't have permission " +
	"to perform this action")

// refusal is an error in GitLab's words.
type refusal string

// Error returns the words.
func (r refusal) Error() string { return string(r) }

func writeProblems(e *jsonenc.Encoder, all []*problem) {
	e.Key("errors")
	e.Open('[')
	for _, p := range all {
		p.write(e)
	}
	e.Shut(']')
}

func (p *problem) write(e *jsonenc.Encoder) {
	e.Open('{')
	e.Str("message", p.message)
	if p.at != nil {
		e.Key("locations")
		e.Open('[')
		for _, at := range p.at {
			e.Open('{')
			e.Num("line", at.Line)
			e.Num("column", at.Column)
			e.Shut('}')
		}
		e.Shut(']')
	}
	if p.path != nil {
		writePath(e, p.path)
	}
	if p.extensions != nil || p.more != nil {
		p.writeExtensions(e)
	}
	e.Shut('}')
}

func (p *problem) writeExtensions(e *jsonenc.Encoder) {
	e.Key("extensions")
	e.Open('{')
	for n := 0; n < len(p.extensions); n += 2 {
		e.Str(p.extensions[n], p.extensions[n+1])
	}
	if p.more != nil {
		p.more(e)
	}
	e.Shut('}')
}

func writePath(e *jsonenc.Encoder, path []any) {
	e.Key("path")
	e.Open('[')
	for _, step := range path {
		switch step := step.(type) {
		case string:
			e.Text(step)
		case int:
			e.Raw(strconv.Itoa(step))
		}
	}
	e.Shut(']')
}

// newProblem makes the problem with that name in problemTable.
func newProblem(name string, at *ast.Position, path []any, hint string, values []string) *problem {
	_, line, _ := strings.Cut(problemTable, "\n"+name)
	line, _, _ = strings.Cut(line, "\n")
	columns := strings.Split(line, "|")
	code := name
	if own, ok := strings.CutPrefix(columns[0], "="); ok {
		code = own
	}
	p := &problem{message: strings.ReplaceAll(columns[1], "{hint}", hint), at: in(at), path: path, extensions: []string{"code", code}}
	for n, extension := range strings.Fields(columns[2]) {
		p.message = strings.ReplaceAll(p.message, "{"+itoa(n+1)+"}", values[n])
		p.extensions = append(p.extensions, extension, values[n])
	}
	return p
}

// below returns the path with further steps. It never shares memory with the path.
func below(path []any, steps ...any) []any {
	return append(append(make([]any, 0, len(path)+len(steps)), path...), steps...)
}

// in returns a place as a list.
func in(at *ast.Position) []*ast.Position { return []*ast.Position{at} }
