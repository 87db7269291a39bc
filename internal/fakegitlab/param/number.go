package param

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Int reads an integer, as a JSON number or as text. One that is too large for an id is the largest or smallest
// integer, which no object has.
func (p *Params) Int(name string) Opt[int] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[int]{}
	}
	n, null, good := AsInt(v)
	if !good {
		p.Note(name, "is invalid")
		return Opt[int]{}
	}
	return Opt[int]{Value: n, Set: true, Null: null}
}

// AsInt reads an integer from a JSON number, of which it cuts off the fraction, or from a text. An empty text is null.
func AsInt(v any) (n int, null, good bool) {
	switch v := v.(type) {
	case nil:
		return 0, true, true
	case string:
		return textToInt(v)
	case json.Number:
		return numberToInt(v)
	}
	return 0, false, false
}

// textToInt reads decimal digits with a sign, with blanks around them and single underscores between them.
func textToInt(s string) (n int, null, good bool) {
	if s == "" {
		return 0, true, true
	}
	digits := strings.TrimSpace(s)
	number, length := leadingInt(digits)
	return number, false, length > 0 && length == len(digits)
}

func numberToInt(v json.Number) (n int, null, good bool) {
	text := v.String()
	if number, length := leadingInt(text); length == len(text) {
		return number, false, true
	}
	f, err := v.Float64()
	if err != nil {
		return 0, false, false
	}
	if math.Abs(f) >= math.MaxInt64 {
		return saturated(f < 0), false, true
	}
	return int(f), false, true
}

// leadingInt reads the integer at the beginning of a text, and returns the length of what it read, 0 for none.
func leadingInt(s string) (n, length int) {
	at := 0
	if s != "" && (s[0] == '-' || s[0] == '+') {
		at = 1
	}
	begin := at
	for at < len(s) && (isDigit(s[at]) || s[at] == '_' && at > begin && isDigit(s[at-1]) && at+1 < len(s) && isDigit(s[at+1])) {
		at++
	}
	if at == begin {
		return 0, 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s[:at], "_", ""))
	if err != nil {
		n = saturated(s[0] == '-')
	}
	return n, at
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func saturated(negative bool) int {
	if negative {
		return math.MinInt64
	}
	return math.MaxInt64
}

// Bool reads true, false, 1, 0, t, f, yes, no, y, n, on or off in any case, in JSON or as text.
func (p *Params) Bool(name string) Opt[bool] {
	v, ok := p.Values[name]
	if !ok {
		return Opt[bool]{}
	}
	if v == nil || v == "" {
		return Opt[bool]{Set: true, Null: true}
	}
	switch text, _ := asText(v); strings.ToLower(text) {
	case "true", "1", "t", "yes", "y", "on":
		return Opt[bool]{Value: true, Set: true}
	case "false", "0", "f", "no", "n", "off":
		return Opt[bool]{Set: true}
	}
	p.Note(name, "is invalid")
	return Opt[bool]{}
}

// BoolOr reads a boolean with a default, which then shows in the links between pages.
func (p *Params) BoolOr(name string, def bool) bool {
	b := p.Bool(name)
	if !b.Set {
		p.Values[name] = strconv.FormatBool(def)
	}
	return b.Or(def)
}
