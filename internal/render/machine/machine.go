// Package machine writes documents for programs: as JSON, as YAML, and as the result of a jq expression.
//
// Start with [JSON]. Characters that a terminal would act on are escaped. Tables and pages do not belong here.
package machine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/itchyny/gojq"
	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// JSON returns the document as JSON.
func JSON(doc any) (string, error) {
	data, err := jsonv1.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("write JSON: %w", err)
	}
	return Escaped(data), nil
}

// Escaped returns JSON with the characters that a terminal would act on as escapes. They occur only inside strings, so nothing is lost.
func Escaped(data []byte) string { return escapeHidden(string(data), jsonEscape) }

// Query is a compiled jq expression.
type Query struct{ code *gojq.Code }

// Compile compiles a jq expression. The expression cannot read the environment, where tokens are. An invalid one is an error of kind
// Usage.
func Compile(expression string) (*Query, error) {
	query, err := gojq.Parse(expression)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "", "invalid --jq %q", expression)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "", "invalid --jq %q", expression)
	}
	return &Query{code}, nil
}

// Run returns one line for each value of the document: strings as they are, all others as compact JSON. Strings are sanitized for a
// terminal; a pipe gets them unchanged, because programs need them whole. An expression may never end, so it runs within the context.
func (q *Query) Run(ctx context.Context, doc any, terminal bool) (string, error) {
	data, err := jsonv1.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("write JSON: %w", err)
	}
	var input any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&input); err != nil {
		return "", fmt.Errorf("read JSON: %w", err)
	}
	var b strings.Builder
	for values := q.code.RunWithContext(ctx, input); ; {
		value, ok := values.Next()
		if !ok {
			return b.String(), nil
		}
		err, failed := value.(error)
		if failed && ctx.Err() != nil {
			return "", stopped(ctx.Err())
		}
		if halt := (*gojq.HaltError)(nil); errors.As(err, &halt) && halt.Value() == nil {
			return b.String(), nil
		}
		if failed {
			return "", fault.Wrap(fault.Usage, err, "", "--jq")
		}
		line, err := text(value, terminal)
		if err != nil {
			return "", fault.Wrap(fault.Usage, err, "", "--jq")
		}
		b.WriteString(line + "\n")
	}
}

// stopped is the error of an expression that was interrupted, or did not end in time.
func stopped(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Usage, "Use another expression, or a longer --timeout", "--jq took longer than --timeout")
	}
	return fmt.Errorf("--jq: %w", err)
}

// text returns a string, or any other value as compact JSON.
func text(value any, terminal bool) (string, error) {
	if s, ok := value.(string); ok {
		if terminal {
			s = sanitize.Text(s)
		}
		return s, nil
	}
	data, err := gojq.Marshal(value)
	return Escaped(data), err
}

// escapeHidden replaces characters that a terminal would act on by escapes.
func escapeHidden(s string, escape func(rune) string) string {
	if !strings.ContainsFunc(s, hidden) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if hidden(r) {
			b.WriteString(escape(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hidden(r rune) bool { return r != '\n' && sanitize.Hidden(r) }

func jsonEscape(r rune) string {
	if high, low := utf16.EncodeRune(r); r > 0xffff {
		return fmt.Sprintf(`\u%04x\u%04x`, high, low)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

func yamlEscape(r rune) string { return fmt.Sprintf(`\U%08X`, r) }

// YAML returns the document as YAML, in the same order. Parsing it gives the same values as the JSON form.
func YAML(doc any) (string, error) {
	data, err := jsonv1.Marshal(doc)
	if err != nil {
		return "", fmt.Errorf("write YAML: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	node, err := yamlNode(dec)
	if err != nil {
		return "", fmt.Errorf("write YAML: %w", err)
	}
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err = errors.Join(enc.Encode(node), enc.Close())
	return escapeHidden(b.String(), yamlEscape), err
}

// yamlNode reads the next JSON value.
func yamlNode(dec *json.Decoder) (*yaml.Node, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := token.(type) {
	case json.Delim:
		return yamlList(dec, v)
	case string:
		return yamlString(v), nil
	case json.Number:
		return yamlNumber(v), nil
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(v)}, nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}, nil
}

func yamlList(dec *json.Decoder, open json.Delim) (*yaml.Node, error) {
	node := &yaml.Node{Kind: yaml.MappingNode}
	if open == '[' {
		node.Kind = yaml.SequenceNode
	}
	for dec.More() {
		child, err := yamlNode(dec)
		if err != nil {
			return nil, err
		}
		node.Content = append(node.Content, child)
	}
	_, err := dec.Token()
	return node, err
}

// yamlString quotes strings that need escapes. The encoder quotes those that would be read as another type.
func yamlString(s string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: s}
	if strings.ContainsFunc(s, hidden) {
		node.Style = yaml.DoubleQuotedStyle
	}
	return node
}

func yamlNumber(n json.Number) *yaml.Node {
	tag := "!!float"
	if _, err := n.Int64(); err == nil {
		tag = "!!int"
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: n.String()}
}
