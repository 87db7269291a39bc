// Package edit sets and renames keys in the text of a configuration file and leaves all other text as it is: comments, order, blank
// lines, quotes.
//
// Start with [Set] and [Rename]. The YAML library finds positions only; writing a parsed file back would lose its form. It is a package of
// its own because it works on text. The keys of the configuration and their values are not known here: the caller checks both, with
// package manifest.
package edit

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ByHandError says that a value has a form that is not replaced, and where it is.
type ByHandError struct {
	Key  string
	Line int
}

// Error names the line.
func (e *ByHandError) Error() string {
	return fmt.Sprintf("the value of %s is written over several lines (line %d)", e.Key, e.Line)
}

// Set returns the text with the key set to a value, which is YAML on one line, and the number of the line that has it. path is the key and
// those above it. A missing key replaces its example, a line such as "#timeout: 10m", or else comes first below its parent.
func Set(text []byte, path []string, value string) (edited []byte, line int, err error) {
	root, err := mapping(text)
	if err != nil {
		return nil, 0, err
	}
	f := &file{lines: strings.SplitAfter(string(text), "\n")}
	if line, err = f.set(root, path, value); err != nil {
		return nil, 0, err
	}
	edited = []byte(strings.Join(f.lines, ""))
	return edited, line, verify(text, edited, path, value)
}

// mapping is the root of a file.
func mapping(text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.MappingNode}, nil
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("the file is not a mapping")
	}
	return doc.Content[0], nil
}

// verify makes sure that nothing but the key differs.
func verify(before, after []byte, path []string, value string) error {
	want, got, v := map[string]any{}, map[string]any{}, any(nil)
	err := errors.Join(yaml.Unmarshal(before, &want), yaml.Unmarshal(after, &got), yaml.Unmarshal([]byte(value), &v))
	if err != nil {
		return err
	}
	in := want
	for _, key := range path[:len(path)-1] {
		below, ok := in[key].(map[string]any)
		if !ok {
			below = map[string]any{}
			in[key] = below
		}
		in = below
	}
	if in[path[len(path)-1]] = v; !reflect.DeepEqual(want, got) {
		return fmt.Errorf("%s cannot be set without a change of other keys", strings.Join(path, "."))
	}
	return nil
}

// file is the text in lines, each with its end.
type file struct{ lines []string }

func (f *file) set(root *yaml.Node, path []string, value string) (int, error) {
	parent, depth := root, 0
	var key *yaml.Node // of the parent
	for {
		k, v := find(parent, path[depth])
		switch {
		case k == nil:
			return f.insert(parent, key, path[depth:], depth, value)
		case depth == len(path)-1:
			return k.Line, f.replace(v, k, path, value)
		case v.Tag == "!!null":
			return f.below(k, path[depth+1:], value)
		case v.Kind != yaml.MappingNode:
			return 0, fmt.Errorf("%s is not a mapping", strings.Join(path[:depth+1], "."))
		}
		parent, key, depth = v, k, depth+1
	}
}

// find returns the node of a key and its value, nil if it is missing.
func find(in *yaml.Node, key string) (k, v *yaml.Node) {
	for i := 0; i+1 < len(in.Content); i += 2 {
		if in.Content[i].Value == key {
			return in.Content[i], in.Content[i+1]
		}
	}
	return nil, nil
}

// replace replaces a value on one line.
func (f *file) replace(v, k *yaml.Node, path []string, value string) error {
	at := k.Line - 1
	line, end := body(f.lines[at])
	if v.Kind == yaml.ScalarNode && v.Tag == "!!null" && v.Value == "" {
		colon := offset(line, k.Column) + len(k.Value)
		colon += strings.IndexByte(line[colon:], ':') + 1
		f.lines[at] = line[:colon] + " " + value + line[colon:] + end
		return nil
	}
	from := offset(line, v.Column)
	size := length(line[from:], v)
	if v.Line != k.Line || v.Anchor != "" || v.Kind == yaml.AliasNode || size == 0 {
		return &ByHandError{strings.Join(path, "."), k.Line}
	}
	f.lines[at] = line[:from] + value + line[from+size:] + end
	return nil
}

// offset is the byte of a column, which counts characters from 1.
func offset(line string, column int) int {
	return len(string([]rune(line)[:min(column-1, len([]rune(line)))]))
}

// body is a line without its end, and the end.
func body(line string) (text, end string) {
	text = strings.TrimRight(line, "\r\n")
	return text, line[len(text):]
}

// length is how many bytes a value has that ends on the line where it begins; 0: it does not.
func length(rest string, v *yaml.Node) int {
	switch {
	case rest == "", strings.ContainsRune("|>&*!", rune(rest[0])):
		return 0
	case v.Kind == yaml.ScalarNode && v.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		return quoted(rest)
	case v.Kind == yaml.ScalarNode:
		if strings.HasPrefix(rest, v.Value) {
			return len(v.Value)
		}
	case v.Style&yaml.FlowStyle != 0:
		return flow(rest)
	}
	return 0
}

// quoted is the length of a quoted text; 0: it does not end.
func quoted(text string) int {
	mark := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case mark == '"' && text[i] == '\\':
			i++
		case text[i] == mark && mark == '\'' && i+1 < len(text) && text[i+1] == mark:
			i++
		case text[i] == mark:
			return i + 1
		}
	}
	return 0
}

// flow is the length of a list or mapping in brackets; 0: it does not end.
func flow(text string) int {
	open := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '[', '{':
			open++
		case ']', '}':
			if open--; open == 0 {
				return i + 1
			}
		case '\'', '"':
			if i > 0 && !strings.ContainsRune("[{,: ", rune(text[i-1])) {
				continue // within a word
			}
			size := quoted(text[i:])
			if size == 0 {
				return 0
			}
			i += size - 1
		}
	}
	return 0
}

// insert adds a missing key to a mapping. depth is how many keys are above it, and key the one of the mapping; nil: the root.
func (f *file) insert(parent, key *yaml.Node, path []string, depth int, value string) (int, error) {
	if parent.Style&yaml.FlowStyle != 0 {
		return f.intoFlow(parent, path, value)
	}
	if len(parent.Content) > 0 && parent.Content[0].Column > 1 || key != nil {
		return f.into(key.Line, parent.Content[0].Column-1, path, value)
	}
	if at := f.example(0, len(f.lines), 0, path[0]); at > 0 {
		return f.uncomment(at, 0, path, value)
	}
	if last := len(f.lines) - 1; f.lines[last] != "" && !strings.HasSuffix(f.lines[last], "\n") {
		f.lines[last] += "\n"
	}
	at := len(f.lines)
	if f.lines[at-1] == "" {
		at--
	}
	return f.add(at, 0, path, value), nil
}

// intoFlow adds a key to a mapping in braces.
func (f *file) intoFlow(parent *yaml.Node, path []string, value string) (int, error) {
	line := f.lines[parent.Line-1]
	from := offset(line, parent.Column)
	if from >= len(line) || line[from] != '{' {
		return 0, &ByHandError{path[0], parent.Line}
	}
	for _, key := range slices.Backward(path[1:]) {
		value = "{" + key + ": " + value + "}"
	}
	text := path[0] + ": " + value
	if len(parent.Content) > 0 {
		text += ", "
	}
	f.lines[parent.Line-1] = line[:from+1] + text + line[from+1:]
	return parent.Line, nil
}

// below adds a key to a mapping that has none yet: "incidents:".
func (f *file) below(k *yaml.Node, path []string, value string) (int, error) {
	return f.into(k.Line, k.Column+1, path, value)
}

// into adds a key to the block below a line: in place of its example, or first.
func (f *file) into(line, indent int, path []string, value string) (int, error) {
	end := line
	for end < len(f.lines) && inside(f.lines[end], indent) {
		end++
	}
	if at := f.example(line, end, indent, path[0]); at > 0 {
		return f.uncomment(at, indent, path, value)
	}
	return f.add(line, indent, path, value), nil
}

// inside reports whether a line is a part of a block: blank, a comment, or with its indentation.
func inside(line string, indent int) bool {
	text := strings.TrimSpace(line)
	if text == "" || strings.HasPrefix(text, "#") && strings.HasPrefix(line, " ") {
		return true
	}
	return len(line)-len(strings.TrimLeft(line, " ")) >= indent
}

// example finds the line, counted from 1, with the example of a key: "#timeout: 10m" at its indentation; 0: there is none.
func (f *file) example(from, to, indent int, key string) int {
	re := regexp.MustCompile(`^ {` + fmt.Sprint(indent) + `}#` + regexp.QuoteMeta(key) + `:(\s|$)`)
	for n := from; n < to; n++ {
		if re.MatchString(f.lines[n]) {
			return n + 1
		}
	}
	return 0
}

// uncomment puts the key in place of its example.
func (f *file) uncomment(at, indent int, path []string, value string) (int, error) {
	_, end := body(f.lines[at-1])
	pad := strings.Repeat(" ", indent)
	if len(path) == 1 {
		f.lines[at-1] = pad + path[0] + ": " + value + end
		return at, nil
	}
	f.lines[at-1] = pad + path[0] + ":" + end
	return f.into(at, indent+2, path[1:], value)
}

// add adds lines after the first n, one for each key of the path, and returns the number of the last.
func (f *file) add(n, indent int, path []string, value string) int {
	end := "\n"
	if bytes.HasSuffix([]byte(f.lines[0]), []byte("\r\n")) {
		end = "\r\n"
	}
	var added []string
	for i, key := range path {
		text := strings.Repeat(" ", indent+2*i) + key + ":"
		if i == len(path)-1 {
			text += " " + value
		}
		added = append(added, text+end)
	}
	f.lines = slices.Insert(f.lines, n, added...)
	return n + len(added)
}
