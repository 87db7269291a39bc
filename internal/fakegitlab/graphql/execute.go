package graphql

import (
	"net/http"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// run is the execution of one operation.
type run struct {
	call      *rest.Call
	schema    schema
	doc       *ast.QueryDocument
	variables map[string]any
	readOnly  bool // the token may not write
	problems  []*problem
	e         *jsonenc.Encoder
}

// store returns the state.
func (r *run) store() *store.Store { return r.call.Store }

// user returns the caller, nil if anonymous.
func (r *run) user() *store.User { return r.call.User }

func (r *run) rootOf(op *ast.OperationDefinition) *typeDef {
	switch op.Operation {
	case ast.Mutation:
		return r.schema["Mutation"]
	case ast.Query:
		return r.schema["Query"]
	}
	return nil
}

// answer carries out the operation.
func (r *run) answer(op *ast.OperationDefinition) rest.Reply {
	data := &jsonenc.Encoder{}
	r.e = data
	if !r.object(r.rootOf(op), root{}, []ast.SelectionSet{op.SelectionSet}, nil) {
		data.Bytes = append(data.Bytes[:0], "null"...)
	}
	e := &jsonenc.Encoder{}
	e.Open('{')
	if len(r.problems) > 0 {
		writeProblems(e, r.problems)
	}
	e.Key("data")
	e.Raw(string(data.Bytes))
	e.Shut('}')
	return rest.Reply{Status: http.StatusOK, Body: e.Bytes, Header: header()}
}

// selection is one field of the answer: everything that was selected under its name.
type selection struct {
	key    string
	fields []*ast.Field
}

// collect lists the fields to answer for an object of the type, in order, with those of the fragments that apply to it.
func (r *run) collect(t *typeDef, set ast.SelectionSet, all []selection) []selection {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if r.included(s.Directives) {
				all = merge(all, s)
			}
		case *ast.InlineFragment:
			if r.included(s.Directives) && (s.TypeCondition == "" || r.schema[s.TypeCondition].includes(t.name)) {
				all = r.collect(t, s.SelectionSet, all)
			}
		case *ast.FragmentSpread:
			f := r.doc.Fragments.ForName(s.Name)
			if r.included(s.Directives) && r.schema[f.TypeCondition].includes(t.name) {
				all = r.collect(t, f.SelectionSet, all)
			}
		}
	}
	return all
}

func merge(all []selection, f *ast.Field) []selection {
	for n := range all {
		if all[n].key == f.Alias {
			all[n].fields = append(all[n].fields, f)
			return all
		}
	}
	return append(all, selection{f.Alias, []*ast.Field{f}})
}

// included applies @include and @skip.
func (r *run) included(all ast.DirectiveList) bool {
	for _, d := range all {
		value := literal(d.Arguments.ForName("if").Value, r.variables)
		if done, ok := value.(coerced); ok {
			value = done.value
		}
		if on, _ := value.(bool); on == (d.Name == "skip") {
			return false
		}
	}
	return true
}

// object writes an object. It reports false if a field that must not be null is null: then the object is null too.
func (r *run) object(t *typeDef, of any, sets []ast.SelectionSet, path []any) bool {
	var all []selection
	for _, set := range sets {
		all = r.collect(t, set, all)
	}
	r.e.Open('{')
	for _, s := range all {
		r.e.Key(s.key)
		if !r.field(t, of, s, below(path, s.key)) {
			return false
		}
	}
	r.e.Shut('}')
	return true
}

func (r *run) field(t *typeDef, of any, s selection, path []any) bool {
	f := s.fields[0]
	if f.Name == "__typename" {
		r.e.Text(t.name)
		return true
	}
	def := t.field(f.Name)
	a := r.argumentsOf(def, f)
	v, err := r.permitted(t, of, f.Name, a)
	if err != nil {
		r.problems = append(r.problems, &problem{message: err.Error(), at: in(f.Position), path: path})
		v = nil
	}
	if nodes, ok := v.([]any); ok && strings.HasSuffix(namedType(def.typ), "Connection") {
		v = newConnection(nodes, a)
	}
	sets := make([]ast.SelectionSet, len(s.fields))
	for n, same := range s.fields {
		sets[n] = same.SelectionSet
	}
	return r.complete(def.typ, v, sets, path)
}

// permitted resolves a field, unless the token is a fine-grained one: GitLab has a switch of its own for using those with
// GraphQL, and it is off.
func (r *run) permitted(t *typeDef, of any, name string, a args) (any, error) {
	if r.call.Token.FineGrained() {
		return nil, refusal(store.NoFineGrained)
	}
	return r.resolve(t, of, name, a)
}

func (r *run) argumentsOf(def *fieldDef, f *ast.Field) args {
	a := args{}
	for _, d := range def.inputs {
		given := f.Arguments.ForName(d.name)
		if given != nil && given.Value.Kind == ast.Variable {
			if _, ok := r.variables[given.Value.Raw]; !ok {
				given = nil
			}
		}
		switch {
		case given != nil:
			a[d.name], _ = r.schema.coerce(d.typ, literal(given.Value, r.variables))
		case d.hasDefault:
			a[d.name] = false
		}
	}
	return a
}

// complete writes a value of the type. It reports false for null where null is not allowed, and then writes nothing.
func (r *run) complete(typ string, v any, sets []ast.SelectionSet, path []any) bool {
	inner, required := strings.CutSuffix(typ, "!")
	start := len(r.e.Bytes)
	if v != nil && r.value(inner, v, sets, path) {
		return true
	}
	r.e.Bytes = r.e.Bytes[:start]
	if !required {
		r.e.Raw("null")
	}
	return !required
}

func (r *run) value(typ string, v any, sets []ast.SelectionSet, path []any) bool {
	if strings.HasPrefix(typ, "[") {
		list, _ := v.([]any)
		r.e.Open('[')
		for n, item := range list {
			if !r.complete(typ[1:len(typ)-1], item, sets, below(path, n)) {
				return false
			}
		}
		r.e.Shut(']')
		return true
	}
	t := r.schema[typ]
	if t.leaf() {
		r.scalar(v)
		return true
	}
	if w, ok := v.(widget); ok {
		t = r.schema[widgetTypeName(w.kind)]
	}
	return r.object(t, v, sets, path)
}

func (r *run) scalar(v any) {
	switch v := v.(type) {
	case string:
		r.e.Text(v)
	case bool:
		r.e.Raw(map[bool]string{true: "true", false: "false"}[v])
	case int:
		r.e.Raw(itoa(v))
	case time.Time:
		if v.IsZero() {
			r.e.Raw("null")
			return
		}
		r.e.Text(v.UTC().Format(time.RFC3339))
	}
}
