package mcp

import (
	"encoding/json"
	"slices"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// tool is one tool. Its input selects one of its commands.
type tool struct {
	name, title, about string

	choice   string // the input that selects the command; empty: the tool has one
	commands []cmd
	inputs   []input
	narrow   string // how to get less
	plans    bool   // the command writes, so its plan is saved and nothing else is done
}

// cmd is a command of prodctl that a tool may run.
type cmd struct {
	name   string   // of the choice
	words  []string // "incident", "show"; may include fixed flags
	needs  []string // the names of the inputs that are required
	inputs []string // the names of those that are not
	all    bool     // it has all inputs of the tool
}

// command is a command of a choice; line are its words. needs and inputs are names, separated by blanks.
func command(name, line, needs, inputs string) cmd {
	return cmd{name: name, words: strings.Fields(line), needs: strings.Fields(needs), inputs: strings.Fields(inputs)}
}

// only is the command of a tool that has no other.
func only(line string, needs ...string) []cmd {
	return []cmd{{words: strings.Fields(line), needs: needs, all: true}}
}

// has reports whether the command has an input.
func (c cmd) has(name string) bool {
	return c.all || slices.Contains(c.needs, name) || slices.Contains(c.inputs, name)
}

// The kinds of inputs.
const (
	text = iota
	flag
	list // joined with commas
	many // a flag for each
)

// input is a value from the agent: a flag of the command, or an argument.
type input struct {
	name, flag string // without a flag it is an argument, in the order of the inputs
	kind       int
	about      string
	values     []string // the valid ones; nil: the command checks
}

// word is an input for a flag of the same name.
func word(name, about string, values ...string) input {
	return input{name: name, flag: strings.ReplaceAll(name, "_", "-"), about: about, values: values}
}

// as is the input for a flag with another name; empty: for an argument.
func (in input) as(flag string) input { in.flag = flag; return in }

// of is the input with another kind of value.
func (in input) of(kind int) input { in.kind = kind; return in }

// tools returns all tools, those that read first.
func tools() []tool { return append(readers(), planners()...) }

// definition is what clients see of a tool.
func (t tool) definition() *sdk.Tool {
	about := t.about
	if t.plans {
		about += " Changes nothing in GitLab: returns a plan file, its digest, and the command with which a person applies it."
	}
	no, yes := false, true
	return &sdk.Tool{Name: t.name, Description: about, InputSchema: t.schema(), Annotations: &sdk.ToolAnnotations{
		Title: t.title, ReadOnlyHint: !t.plans, DestructiveHint: &no, IdempotentHint: !t.plans, OpenWorldHint: &yes}}
}

// property is an input in a JSON schema.
type property struct {
	Type        string    `json:"type"`
	Description string    `json:"description,omitempty"`
	Enum        []string  `json:"enum,omitempty"`
	Items       *property `json:"items,omitempty"`
}

// schema is the JSON schema of the input.
func (t tool) schema() json.RawMessage {
	s := struct {
		Type       string              `json:"type"`
		Properties map[string]property `json:"properties"`
		Required   []string            `json:"required,omitempty"`
		Additional bool                `json:"additionalProperties"`
	}{Type: "object", Properties: map[string]property{}}
	if t.choice != "" {
		s.Properties[t.choice] = property{Type: "string", Enum: t.choices()}
	}
	if t.plans {
		s.Required = []string{t.choice}
	} else {
		s.Required = t.commands[0].needs // the same for all
	}
	for _, in := range t.inputs {
		p := property{Type: "string", Description: in.about, Enum: in.values}
		switch in.kind {
		case flag:
			p.Type = "boolean"
		case list, many:
			p = property{Type: "array", Description: in.about, Items: &property{Type: "string"}}
		}
		s.Properties[in.name] = p
	}
	data, err := json.Marshal(s)
	if err != nil {
		panic("a schema of constants: " + err.Error())
	}
	return data
}

func (t tool) choices() (names []string) {
	for _, c := range t.commands {
		names = append(names, c.name)
	}
	return names
}
