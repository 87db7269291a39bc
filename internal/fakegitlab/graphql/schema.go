package graphql

import (
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// typeDef is one type of the schema.
type typeDef struct {
	name   string
	kind   string // type, interface, input, scalar or enum
	fields []fieldDef
	inputs []inputDef // of an input object
	words  []string   // the values of an enum, the types of an interface
}

// fieldDef is a field of a type.
type fieldDef struct {
	name   string
	typ    string // such as [Label!]!
	inputs []inputDef
}

// inputDef is an argument of a field, or a field of an input object.
type inputDef struct {
	name, typ  string
	hasDefault bool // which is false
}

// schema holds the types by name.
type schema map[string]*typeDef

// The schemas of the two editions. The paid plans have the schema of the Enterprise Edition.
var (
	communitySchema  = sync.OnceValue(func() schema { return newSchema(false) })
	enterpriseSchema = sync.OnceValue(func() schema { return newSchema(true) })
)

func schemaFor(e store.Edition) schema {
	if e.Enterprise() {
		return enterpriseSchema()
	}
	return communitySchema()
}

func newSchema(enterprise bool) schema {
	s := schema{}
	for paragraph := range strings.SplitSeq(typeTable+widgetTypes(), "\n\n") {
		if own, ok := strings.CutPrefix(paragraph, "ee "); !ok || enterprise {
			s.addType(strings.TrimSpace(own), enterprise)
		}
	}
	for name := range strings.FieldsSeq("UserCore CurrentUser") {
		s[name] = &typeDef{name: name, kind: "type", fields: s["User"].fields}
	}
	return s
}

// widgetTypes returns the interface of all widgets and a type for each, as paragraphs of the table.
func widgetTypes() string {
	names, types := "", ""
	for kind := range strings.FieldsSeq(allWidgets) {
		names += " " + widgetTypeName(kind)
		types += "\n\ntype " + widgetTypeName(kind) + "\ntype: WorkItemWidgetType\n" + widgetFields(kind)
	}
	return "\n\ninterface WorkItemWidget =" + names + "\ntype: WorkItemWidgetType" + types
}

// addType reads one paragraph of the table.
func (s schema) addType(paragraph string, enterprise bool) {
	head, body, _ := strings.Cut(paragraph, "\n")
	words := strings.Fields(head)
	if words[0] == "scalar" {
		for _, name := range words[1:] {
			s[name] = &typeDef{name: name, kind: "scalar"}
		}
		return
	}
	t := &typeDef{name: words[1], kind: words[0], words: words[2:]}
	s[t.name] = t
	if t.kind == "input" {
		t.inputs = inputDefs(body)
		return
	}
	for line := range strings.SplitSeq(body, "\n") {
		if own, ok := strings.CutPrefix(line, "ee "); line != "" && (!ok || enterprise) {
			f := newField(own)
			t.fields = append(t.fields, f)
			s.addConnection(namedType(f.typ), enterprise)
		}
	}
}

// addConnection adds the types of a connection if the name is one: UserCoreConnection and UserCoreEdge for UserCore.
func (s schema) addConnection(name string, enterprise bool) {
	of, ok := strings.CutSuffix(name, "Connection")
	if ok && s[name] == nil {
		s.addType("type "+name+"\nnodes: ["+of+"]\nedges: ["+of+"Edge]\npageInfo: PageInfo!\ncount: Int!", enterprise)
		s.addType("type "+of+"Edge\nnode: "+of+"\ncursor: String!", enterprise)
	}
}

func newField(line string) fieldDef {
	head, typ, ok := strings.Cut(line, "): ")
	if !ok {
		name, typ, _ := strings.Cut(line, ": ")
		return fieldDef{name: name, typ: typ}
	}
	name, arguments, _ := strings.Cut(head, "(")
	return fieldDef{name, typ, inputDefs(strings.Replace(arguments, "PAGE", pageArgs, 1))}
}

// inputDefs reads "name: Type, name: Type = false".
func inputDefs(text string) []inputDef {
	var all []inputDef
	for part := range strings.SplitSeq(text, ", ") {
		name, typ, _ := strings.Cut(part, ": ")
		typ, hasDefault := strings.CutSuffix(typ, " = false")
		all = append(all, inputDef{name, typ, hasDefault})
	}
	return all
}

// namedType returns the type inside lists and without marks: Label of [Label!]!.
func namedType(typ string) string { return strings.Trim(typ, "[]!") }

// required reports whether an input must be given.
func (d inputDef) required() bool { return strings.HasSuffix(d.typ, "!") && !d.hasDefault }

func (t *typeDef) field(name string) *fieldDef {
	for n := range t.fields {
		if t.fields[n].name == name {
			return &t.fields[n]
		}
	}
	return nil
}

func inputNamed(all []inputDef, name string) *inputDef {
	for n := range all {
		if all[n].name == name {
			return &all[n]
		}
	}
	return nil
}

// leaf reports whether the type has no fields.
func (t *typeDef) leaf() bool { return t.kind == "scalar" || t.kind == "enum" }

// composite reports whether a fragment can be on the type.
func (t *typeDef) composite() bool { return t.kind == "type" || t.kind == "interface" }

// includes reports whether an object of type name is of this type.
func (t *typeDef) includes(name string) bool {
	return t.name == name || t.kind == "interface" && contains(t.words, name)
}

// overlaps reports whether an object can be of both types.
func (t *typeDef) overlaps(other *typeDef) bool {
	return t.includes(other.name) || other.includes(t.name)
}

// contains is slices.Contains for texts, once.
func contains(all []string, word string) bool {
	for _, w := range all {
		if w == word {
			return true
		}
	}
	return false
}
