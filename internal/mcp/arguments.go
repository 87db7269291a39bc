package mcp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// arguments builds the command line for an input. Every value is one word of it, a flag with its value or an argument after "--", so no
// value can be another flag. An input that the command does not have is an error.
func (t tool) arguments(raw json.RawMessage) (c cmd, args []string, err error) {
	given := map[string]json.RawMessage{}
	if trimmed := bytes.TrimSpace(raw); len(trimmed) > 0 && !bytes.Equal(trimmed, []byte("null")) {
		if err := json.Unmarshal(trimmed, &given); err != nil {
			return c, nil, errors.New("the input must be a JSON object")
		}
	}
	maps.DeleteFunc(given, func(_ string, value json.RawMessage) bool { return string(value) == "null" })
	if c, err = t.command(given); err != nil {
		return c, nil, err
	}
	args = slices.Clone(c.words)
	var after []string
	for _, in := range t.inputs {
		value, ok := given[in.name]
		delete(given, in.name)
		if !ok || !c.has(in.name) {
			if ok {
				return c, nil, fmt.Errorf("%s: not an input of %s %s", in.name, t.choice, c.name)
			}
			if slices.Contains(c.needs, in.name) {
				return c, nil, fmt.Errorf("%s is required", in.name)
			}
			continue
		}
		words, err := in.words(value)
		switch {
		case err != nil:
			return c, nil, err
		case in.flag == "":
			after = append(after, words...)
		default:
			args = append(args, words...)
		}
	}
	if len(given) > 0 {
		return c, nil, fmt.Errorf("unknown input %q", strings.Join(stable.Sorted(slices.Collect(maps.Keys(given)), strings.Compare), ", "))
	}
	if len(after) > 0 {
		after = append([]string{"--"}, after...)
	}
	return c, append(args, after...), nil
}

// command is the command that the input selects. Without a choice it is the first, but a plan is never a default.
func (t tool) command(given map[string]json.RawMessage) (cmd, error) {
	raw, chosen := given[t.choice]
	delete(given, t.choice)
	if t.choice == "" || !chosen && !t.plans {
		return t.commands[0], nil
	}
	var name string
	if err := json.Unmarshal(raw, &name); chosen && err == nil {
		for _, c := range t.commands {
			if c.name == name {
				return c, nil
			}
		}
	}
	return cmd{}, fmt.Errorf("%s must be one of: %s", t.choice, strings.Join(t.choices(), ", "))
}

// words are an input's words on the command line.
func (in input) words(raw json.RawMessage) ([]string, error) {
	switch in.kind {
	case flag:
		var set bool
		if json.Unmarshal(raw, &set) != nil {
			return nil, fmt.Errorf("%s must be true or false", in.name)
		}
		return []string{fmt.Sprintf("--%s=%t", in.flag, set)}, nil
	case list, many:
		var values []string
		if json.Unmarshal(raw, &values) != nil {
			return nil, fmt.Errorf("%s must be a list of strings", in.name)
		}
		return in.several(values)
	}
	var value string
	if json.Unmarshal(raw, &value) != nil {
		var number json.Number
		if json.Unmarshal(raw, &number) != nil { // agents often send 17 for "17"
			return nil, fmt.Errorf("%s must be a string", in.name)
		}
		value = number.String()
	}
	switch {
	case in.values != nil && !slices.Contains(in.values, value):
		return nil, fmt.Errorf("%s must be one of: %s", in.name, strings.Join(in.values, ", "))
	case in.flag == "":
		return []string{value}, nil
	}
	return []string{"--" + in.flag + "=" + value}, nil
}

func (in input) several(values []string) (words []string, err error) {
	if in.kind == many {
		for _, value := range values {
			words = append(words, "--"+in.flag+"="+value)
		}
		return words, nil
	}
	for _, value := range values {
		if strings.ContainsAny(value, ",\"\n") { // separates values, or quotes them
			return nil, fmt.Errorf("%s: %q must not have a comma, a quotation mark or a line break", in.name, value)
		}
	}
	if len(values) == 0 {
		return nil, nil
	}
	return []string{"--" + in.flag + "=" + strings.Join(values, ",")}, nil
}
