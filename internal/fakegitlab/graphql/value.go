package graphql

import (
	"encoding/json"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// args are the arguments of a field by name, coerced to the types of the schema.
type args map[string]any

// text returns an argument of a type written as text, "" if it is missing or null.
func (a args) text(name string) string {
	text, _ := a[name].(string)
	return text
}

// words returns an argument that is a list of texts, nil if it is missing or null.
func (a args) words(name string) []string {
	given, _ := a[name].([]any)
	var all []string
	for _, v := range given {
		word, _ := v.(string)
		all = append(all, word)
	}
	return all
}

// enumWord is an unquoted word in the query text: a value of an enum.
type enumWord string

// coerced is the value of a variable, which has its type already.
type coerced struct{ value any }

// fault says why a value has not the type it should have.
type fault struct {
	path        []any
	explanation string
	own         string // GitLab's own sentence, in place of the library's
}

// literal returns a value of the query text like one of JSON. Without a value, a variable is absent.
func literal(v *ast.Value, variables map[string]any) any {
	switch v.Kind {
	case ast.Variable:
		value, ok := variables[v.Raw]
		if !ok {
			return nil
		}
		return coerced{value}
	case ast.IntValue, ast.FloatValue:
		return json.Number(v.Raw)
	case ast.BooleanValue:
		return v.Raw == "true"
	case ast.NullValue:
		return nil
	case ast.EnumValue:
		return enumWord(v.Raw)
	case ast.ListValue:
		list := []any{}
		for _, c := range v.Children {
			list = append(list, literal(c.Value, variables))
		}
		return list
	case ast.ObjectValue:
		return fieldsOf(v, variables)
	}
	return v.Raw
}

func fieldsOf(v *ast.Value, variables map[string]any) map[string]any {
	fields := map[string]any{}
	for _, c := range v.Children {
		if _, ok := variables[c.Value.Raw]; c.Value.Kind != ast.Variable || ok {
			fields[c.Name] = literal(c.Value, variables)
		}
	}
	return fields
}

// coerce gives a value the type. It names all faults.
func (s schema) coerce(typ string, v any) (any, []fault) {
	if done, ok := v.(coerced); ok {
		return done.value, nil
	}
	inner, required := strings.CutSuffix(typ, "!")
	if v == nil {
		if required {
			return nil, []fault{{explanation: "Expected value to not be null"}}
		}
		return nil, nil
	}
	if strings.HasPrefix(inner, "[") {
		return s.coerceList(inner[1:len(inner)-1], v)
	}
	switch t := s[inner]; t.kind {
	case "input":
		return s.coerceObject(t, v)
	case "enum":
		return coerceEnum(t, v)
	}
	return coerceScalar(inner, v)
}

// coerceList takes a single value as a list of one.
func (s schema) coerceList(typ string, v any) (any, []fault) {
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	out := make([]any, len(list))
	var faults []fault
	for n, item := range list {
		value, found := s.coerce(typ, item)
		out[n] = value
		for _, f := range found {
			f.path = below([]any{n}, f.path...)
			faults = append(faults, f)
		}
	}
	return out, faults
}

func (s schema) coerceObject(t *typeDef, v any) (any, []fault) {
	fields, ok := v.(map[string]any)
	if !ok {
		return nil, []fault{{explanation: "Expected " + shown(v) + " to be a key-value object."}}
	}
	out := map[string]any{}
	var faults []fault
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if inputNamed(t.inputs, name) == nil {
			faults = append(faults, fault{path: []any{name}, explanation: "Field is not defined on " + t.name})
		}
	}
	for _, d := range t.inputs {
		given, ok := fields[d.name]
		if !ok && !d.required() {
			if d.hasDefault {
				out[d.name] = false
			}
			continue
		}
		value, found := s.coerce(d.typ, given)
		out[d.name] = value
		for _, f := range found {
			f.path = below([]any{d.name}, f.path...)
			faults = append(faults, f)
		}
	}
	return out, faults
}

func coerceEnum(t *typeDef, v any) (any, []fault) {
	var word string
	switch v := v.(type) {
	case enumWord:
		word = string(v)
	case string:
		word = v
	}
	if !contains(t.words, word) {
		return nil, []fault{{explanation: "Expected " + shown(v) + " to be one of: " + strings.Join(t.words, ", ")}}
	}
	return word, nil
}

func coerceScalar(name string, v any) (any, []fault) {
	text, isText := v.(string)
	number, isNumber := v.(json.Number)
	flag, isFlag := v.(bool)
	switch {
	case name == "Boolean" && isFlag:
		return flag, nil
	case name == "Int" && isNumber:
		if n, err := strconv.ParseInt(string(number), 10, 32); err == nil {
			return int(n), nil
		}
	case name == "ID" && isNumber:
		return string(number), nil
	case (name == "String" || name == "ID") && isText:
		return text, nil
	case name == "Time" && isText:
		return coerceTime(text)
	case models(name) != nil && isText:
		return coerceGlobalID(models(name), text)
	}
	return nil, []fault{{explanation: "Could not coerce value " + shown(v) + " to " + name}}
}

// timeLayouts are the forms of times that are read, in UTC if they have no offset.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05 Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04",
	"2006-01-02T15:04", time.DateOnly}

func coerceTime(text string) (any, []fault) {
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	message := "no time information in " + strconv.Quote(text)
	return nil, []fault{{explanation: message, own: message}}
}

// coerceGlobalID reads gid://gitlab/Model/1 and returns the number as a text. Models are the ones that the type accepts,
// the first is the one it is named after.
func coerceGlobalID(accepted []string, text string) (any, []fault) {
	parts := strings.Split(strings.TrimPrefix(text, "gid://"), "/")
	if !strings.HasPrefix(text, "gid://") || len(parts) != 3 || parts[2] == "" {
		message := strconv.Quote(text) + " is not a valid Global ID"
		return nil, []fault{{explanation: message, own: message}}
	}
	if parts[0] != "gitlab" || !contains(accepted, parts[1]) {
		message := strconv.Quote(text) + " does not represent an instance of " + accepted[0]
		return nil, []fault{{explanation: message, own: message}}
	}
	return parts[2], nil
}

// shown returns a value as messages show it.
func shown(v any) string {
	if word, ok := v.(enumWord); ok {
		return string(word)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// bind coerces the variables of the operation.
func (r *run) bind(op *ast.OperationDefinition, given map[string]any) []*problem {
	r.variables = map[string]any{}
	var problems []*problem
	for _, d := range op.VariableDefinitions {
		v, ok := given[d.Variable]
		if !ok && d.DefaultValue != nil {
			v, ok = literal(d.DefaultValue, nil), true
		}
		value, faults := r.schema.coerce(d.Type.String(), v)
		if len(faults) > 0 {
			problems = append(problems, variableProblem(d, v, faults))
		}
		if ok {
			r.variables[d.Variable] = value
		}
	}
	return problems
}

func variableProblem(d *ast.VariableDefinition, v any, faults []fault) *problem {
	message := "Variable $" + d.Variable + " of type " + d.Type.String() + " was provided invalid value"
	var places []string
	for _, f := range faults {
		if len(f.path) > 0 {
			places = append(places, dotted(f.path)+" ("+f.explanation+")")
		}
	}
	if len(places) > 0 {
		message += " for " + strings.Join(places, ", ")
	}
	return &problem{message: message, at: in(d.Position), more: func(e *jsonenc.Encoder) {
		e.Key("value")
		e.Raw(shown(v))
		e.Key("problems")
		e.Open('[')
		for _, f := range faults {
			f.write(e)
		}
		e.Shut(']')
	}}
}

func (f fault) write(e *jsonenc.Encoder) {
	e.Open('{')
	writePath(e, f.path)
	e.Str("explanation", f.explanation)
	if f.own != "" {
		e.Str("message", f.own)
	}
	e.Shut('}')
}

func dotted(path []any) string {
	var steps []string
	for _, step := range path {
		switch step := step.(type) {
		case string:
			steps = append(steps, step)
		case int:
			steps = append(steps, itoa(step))
		}
	}
	return strings.Join(steps, ".")
}
