package edit

import (
	"fmt"
	"slices"
	"strings"
)

// Key is a key at a position, and its new name, which needs no quotes.
type Key struct {
	Line, Column int // of the key, from 1; a column is a character
	Name, New    string
}

// Rename returns the text with new names for keys, which are in the order of the text. A key in another form than its name, plain or in
// quotes, is an error with its line.
func Rename(text []byte, keys []Key) ([]byte, error) {
	lines := strings.SplitAfter(string(text), "\n")
	for _, k := range slices.Backward(keys) { // so that the columns before it stay
		at := k.Line - 1
		from, size := 0, 0
		if at < len(lines) { // other line breaks than \n may count more lines
			from = offset(lines[at], k.Column)
			size = k.in(lines[at][from:])
		}
		if size == 0 {
			return nil, fmt.Errorf("line %d: the form of the key %s is not supported", k.Line, k.Name)
		}
		lines[at] = lines[at][:from] + k.New + lines[at][from+size:]
	}
	return []byte(strings.Join(lines, "")), nil
}

// in is how many bytes the key has at the start of a text; 0: it is not there.
func (k Key) in(text string) int {
	for _, form := range []string{k.Name, `"` + k.Name + `"`, "'" + k.Name + "'"} {
		if rest, ok := strings.CutPrefix(text, form); ok && strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), ":") {
			return len(form)
		}
	}
	return 0
}
