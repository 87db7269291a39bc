package graphql

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// owner is what arguments belong to: a field, a directive or an input object.
type owner struct {
	kind, name string
	inputs     []inputDef
	at         *ast.Position
}

func itoa(n int) string { return strconv.Itoa(n) }

func (o owner) names() []string {
	all := make([]string, len(o.inputs))
	for n, d := range o.inputs {
		all[n] = d.name
	}
	return all
}

func (v *validation) arguments(o owner, given ast.ArgumentList, path []any) {
	var missing []string
	for _, d := range o.inputs {
		if d.required() && given.ForName(d.name) == nil {
			missing = append(missing, d.name)
		}
	}
	if len(missing) > 0 {
		names := strings.Join(missing, ", ")
		v.fail("missingRequiredArguments", o.at, path, "", o.kind, o.name, names)
	}
	for _, a := range given {
		v.argument(o, a.Name, a.Value, a.Position, below(path, a.Name))
	}
}

func (v *validation) argument(o owner, name string, value *ast.Value, at *ast.Position, path []any) {
	def := inputNamed(o.inputs, name)
	if def == nil {
		v.fail("argumentNotAccepted", at, path, didYouMean(name, o.names()), o.name, o.kind, name)
		v.use(value, path)
		return
	}
	t := v.schema[namedType(def.typ)]
	switch {
	case value.Kind == ast.Variable:
		v.variable(def, value, at, path)
	case t.kind == "input" && value.Kind == ast.ObjectValue:
		v.inputObject(t, value, at, path)
	case !v.use(value, path):
		v.literal(o, def, value, path)
	}
}

// use notes the variables inside a value, and reports whether there are any.
func (v *validation) use(value *ast.Value, path []any) bool {
	if value.Kind == ast.Variable {
		v.declared(value, path)
		return true
	}
	found := false
	for _, c := range value.Children {
		found = v.use(c.Value, path) || found
	}
	return found
}

func (v *validation) declared(value *ast.Value, path []any) *ast.VariableDefinition {
	d := v.variables.ForName(value.Raw)
	if d == nil {
		v.fail("variableNotDefined", value.Position, path, v.operation, value.Raw)
	}
	if !contains(v.used, value.Raw) {
		v.used = append(v.used, value.Raw)
	}
	return d
}

// variable checks that a variable's type fits the argument.
func (v *validation) variable(def *inputDef, value *ast.Value, at *ast.Position, path []any) {
	d := v.declared(value, path)
	if d == nil {
		return
	}
	given := d.Type.String()
	if d.DefaultValue != nil && !d.Type.NonNull {
		given += "!"
	}
	want := def.typ
	if def.hasDefault {
		want = strings.TrimSuffix(want, "!")
	}
	if fault := mismatch(given, want); fault != "" {
		v.fail("variableMismatch", at, path, def.typ, value.Raw, d.Type.String(), def.name, fault)
	}
}

// mismatch says why a variable of one type cannot be used for another, "" if it can.
func mismatch(given, want string) string {
	switch {
	case namedType(given) != namedType(want):
		return "Type mismatch"
	case strings.Count(given, "[") != strings.Count(want, "["):
		return "List dimension mismatch"
	}
	for strings.HasPrefix(want, "[") || strings.HasSuffix(want, "!") {
		if strings.HasSuffix(want, "!") && !strings.HasSuffix(given, "!") {
			return "Nullability mismatch"
		}
		given, want = strings.TrimSuffix(given, "!"), strings.TrimSuffix(want, "!")
		if strings.HasPrefix(want, "[") {
			given, want = given[1:len(given)-1], want[1:len(want)-1]
		}
	}
	return ""
}

func (v *validation) inputObject(t *typeDef, value *ast.Value, at *ast.Position, path []any) {
	for _, d := range t.inputs {
		if d.required() && value.Children.ForName(d.name) == nil {
			v.fail("missingRequiredInputObjectAttribute", value.Position, below(path, d.name), "", d.name, d.typ, t.name)
		}
	}
	for _, c := range value.Children {
		v.argument(owner{"InputObject", t.name, t.inputs, at}, c.Name, c.Value, c.Position, below(path, c.Name))
	}
}

// literal checks a value without variables.
func (v *validation) literal(o owner, def *inputDef, value *ast.Value, path []any) {
	_, faults := v.schema.coerce(def.typ, literal(value, nil))
	if len(faults) == 0 {
		return
	}
	p := newProblem("argumentLiteralsIncompatible", o.at, path,
		"'"+o.name+"' has an invalid value ("+value.String()+"). Expected type '"+def.typ+"'.", []string{o.kind, def.name})
	if own := faults[0].own; own != "" {
		p.message, p.extensions = own, p.extensions[:2]
	}
	v.problems = append(v.problems, p)
}
