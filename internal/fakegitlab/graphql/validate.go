package graphql

import (
	"sort"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// validation checks one operation against the schema, before anything runs. It collects all problems.
type validation struct {
	schema    schema
	doc       *ast.QueryDocument
	variables ast.VariableDefinitionList
	operation string // for messages: "anonymous query" or its name
	used      []string
	spread    []string // the fragments that are being checked
	problems  []*problem
	fields    int
	depth     int
}

// The limits of queries: fields within each other, and fields in all, which GitLab counts by what they cost.
const (
	maxDepth      = 20
	maxComplexity = 250
)

func (r *run) validate(op *ast.OperationDefinition) []*problem {
	v := &validation{schema: r.schema, doc: r.doc, variables: op.VariableDefinitions, operation: op.Name}
	path := []any{string(op.Operation)}
	if op.Name == "" {
		v.operation = "anonymous " + string(op.Operation)
	} else {
		path[0] = string(op.Operation) + " " + op.Name
	}
	root := r.rootOf(op)
	if root == nil {
		return []*problem{newProblem("missingSubscriptionConfiguration", op.Position, path, "", nil)}
	}
	v.definitions(op, path)
	v.directives(op.Directives, path)
	v.selections(op.SelectionSet, root, path, 1)
	v.unused(op, path)
	v.limits()
	return v.problems
}

// fail notes a problem: see problemTable.
func (v *validation) fail(name string, at *ast.Position, path []any, hint string, values ...string) {
	v.problems = append(v.problems, newProblem(name, at, path, hint, values))
}

// limits refuses what is too large, if it is correct otherwise.
func (v *validation) limits() {
	switch {
	case len(v.problems) > 0:
	case v.depth > maxDepth:
		v.problems = []*problem{{message: "Query has depth of " + itoa(v.depth) + ", which exceeds max depth of " + itoa(maxDepth)}}
	case v.fields > maxComplexity:
		message := "Query has complexity of " + itoa(v.fields) + ", which exceeds max complexity of " + itoa(maxComplexity)
		v.problems = []*problem{{message: message}}
	}
}

func (v *validation) definitions(op *ast.OperationDefinition, path []any) {
	for _, d := range op.VariableDefinitions {
		name := d.Type.Name()
		if t := v.schema[name]; t == nil || t.composite() {
			v.fail("variableRequiresValidType", d.Position, path, "", name, d.Variable)
		}
	}
	for _, f := range v.doc.Fragments {
		if !spreads(op.SelectionSet, f.Name, v.doc, nil) {
			v.fail("unusedFragment", f.Position, []any{"fragment " + f.Name}, "", f.Name)
		}
	}
}

// spreads reports whether a fragment is used in a selection, directly or in other fragments.
func spreads(set ast.SelectionSet, name string, doc *ast.QueryDocument, seen []string) bool {
	for _, s := range set {
		var inner ast.SelectionSet
		within := seen
		switch s := s.(type) {
		case *ast.Field:
			inner = s.SelectionSet
		case *ast.InlineFragment:
			inner = s.SelectionSet
		case *ast.FragmentSpread:
			f := doc.Fragments.ForName(s.Name)
			if s.Name == name {
				return true
			}
			if f != nil && !contains(seen, s.Name) {
				inner, within = f.SelectionSet, append(seen, s.Name)
			}
		}
		if spreads(inner, name, doc, within) {
			return true
		}
	}
	return false
}

func (v *validation) unused(op *ast.OperationDefinition, path []any) {
	for _, d := range op.VariableDefinitions {
		if !contains(v.used, d.Variable) {
			v.fail("variableNotUsed", d.Position, path, v.operation, d.Variable)
		}
	}
}

func (v *validation) selections(set ast.SelectionSet, t *typeDef, path []any, depth int) {
	v.depth = max(v.depth, depth)
	for _, s := range set {
		if v.fields > 10*maxComplexity {
			return // fragments within fragments grow fast
		}
		switch s := s.(type) {
		case *ast.Field:
			v.field(s, t, below(path, s.Alias), depth)
		case *ast.InlineFragment:
			v.inline(s, t, path, depth)
		case *ast.FragmentSpread:
			v.fragment(s, t, path, depth)
		}
	}
	v.conflicts(set)
}

func (v *validation) field(f *ast.Field, t *typeDef, path []any, depth int) {
	v.fields++
	v.directives(f.Directives, path)
	if f.Name == "__typename" {
		return
	}
	def := t.field(f.Name)
	if def == nil {
		v.fail("undefinedField", f.Position, path, didYouMean(f.Name, t.names()), t.name, f.Name)
		return
	}
	v.arguments(owner{"Field", f.Name, def.inputs, f.Position}, f.Arguments, path)
	inner := v.schema[namedType(def.typ)]
	if fault := selectionFault(f, inner); fault != "" {
		v.fail("selectionMismatch", f.Position, path, fault, "field '"+f.Name+"'", inner.name)
		return
	}
	if !inner.leaf() {
		v.selections(f.SelectionSet, inner, path, depth+1)
	}
}

// selectionFault refuses fields of a scalar, and an object without any.
func selectionFault(f *ast.Field, t *typeDef) string {
	switch {
	case t.leaf() && len(f.SelectionSet) > 0:
		return "Selections can't be made on " + t.kind + "s (field '" + f.Name + "' returns " + t.name + " but has selections [" +
			selected(f.SelectionSet) + "])"
	case !t.leaf() && len(f.SelectionSet) == 0:
		return "Field must have selections (field '" + f.Name + "' returns " + t.name + " but has no selections. Did you mean '" +
			f.Name + " { ... }'?)"
	}
	return ""
}

func (t *typeDef) names() []string {
	all := make([]string, len(t.fields))
	for n, f := range t.fields {
		all[n] = f.name
	}
	return all
}

func selected(set ast.SelectionSet) string {
	var all []string
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			all = append(all, `"`+s.Name+`"`)
		case *ast.InlineFragment:
			all = append(all, `"... on `+s.TypeCondition+` { ... }"`)
		case *ast.FragmentSpread:
			all = append(all, `"`+s.Name+`"`)
		}
	}
	return strings.Join(all, ", ")
}

func (v *validation) inline(f *ast.InlineFragment, t *typeDef, path []any, depth int) {
	step := "..."
	if f.TypeCondition != "" {
		step += " on " + f.TypeCondition
	}
	path = below(path, step)
	v.directives(f.Directives, path)
	if to := v.condition(f.TypeCondition, t, "unknown", f.Position, path); to != nil {
		v.selections(f.SelectionSet, to, path, depth)
	}
}

func (v *validation) fragment(s *ast.FragmentSpread, t *typeDef, path []any, depth int) {
	f := v.doc.Fragments.ForName(s.Name)
	switch {
	case f == nil:
		v.fail("undefinedFragment", s.Position, below(path, "... "+s.Name), "", s.Name)
		return
	case contains(v.spread, s.Name):
		v.fail("infiniteLoop", f.Position, []any{"fragment " + s.Name}, "", s.Name)
		return
	}
	v.directives(s.Directives, path)
	v.spread = append(v.spread, s.Name)
	if to := v.condition(f.TypeCondition, t, s.Name, f.Position, []any{"fragment " + s.Name}); to != nil {
		v.selections(f.SelectionSet, to, []any{"fragment " + s.Name}, depth)
	}
	v.spread = v.spread[:len(v.spread)-1]
}

// condition returns the type on which a fragment selects, nil if it cannot be used there.
func (v *validation) condition(name string, t *typeDef, fragment string, at *ast.Position, path []any) *typeDef {
	if name == "" {
		return t
	}
	to := v.schema[name]
	switch {
	case to == nil:
		v.fail("undefinedType", at, path, didYouMean(name, v.schema.objectNames()), name)
	case !to.composite():
		v.fail("fragmentOnNonCompositeType", at, path, "", name, "name")
	case !t.overlaps(to):
		v.fail("cannotSpreadFragment", at, path, "", name, fragment, t.name)
	default:
		return to
	}
	return nil
}

func (s schema) objectNames() []string {
	var all []string
	for name, t := range s {
		if t.composite() {
			all = append(all, name)
		}
	}
	sort.Strings(all)
	return all
}

// directives checks the two that exist: @include and @skip, each with the argument if.
func (v *validation) directives(all ast.DirectiveList, path []any) {
	for _, d := range all {
		path := below(path, d.Name)
		if d.Name != "include" && d.Name != "skip" {
			v.fail("undefinedDirective", d.Position, path, didYouMean(d.Name, []string{"include", "skip"}), d.Name)
			continue
		}
		v.arguments(owner{"Directive", d.Name, []inputDef{{"if", "Boolean!", false}}, d.Position}, d.Arguments, path)
	}
}

// conflicts refuses two selections that answer under one name and mean different things.
func (v *validation) conflicts(set ast.SelectionSet) {
	first := map[string]*ast.Field{}
	for _, s := range set {
		f, ok := s.(*ast.Field)
		if !ok {
			continue
		}
		other := first[f.Alias]
		switch {
		case other == nil:
			first[f.Alias] = f
		case other.Name != f.Name:
			v.conflict("fieldConflict", f, other, other.Name+" or "+f.Name)
		case printed(other.Arguments) != printed(f.Arguments):
			v.conflict("argumentConflict", f, other, printed(other.Arguments)+" or "+printed(f.Arguments))
		}
	}
}

func (v *validation) conflict(name string, f, other *ast.Field, conflicts string) {
	p := newProblem(name, other.Position, []any{}, "", []string{f.Alias, conflicts})
	p.at = append(p.at, f.Position)
	v.problems = append(v.problems, p)
}

// printed returns arguments as text: {iid:"1"}.
func printed(all ast.ArgumentList) string {
	var parts []string
	for _, a := range all {
		parts = append(parts, a.Name+":"+a.Value.String())
	}
	return "{" + strings.Join(parts, ",") + "}"
}
