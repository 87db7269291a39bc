package fakegitlab

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// enc writes JSON by appending. Lists of a hundred issues are what this server is asked most, and reflection would be
// most of their cost. Commas are put in by looking at what stands before.
type enc struct{ b []byte }

func (e *enc) comma() {
	if n := len(e.b); n > 0 {
		switch e.b[n-1] {
		case '{', '[', ':':
		default:
			e.b = append(e.b, ',')
		}
	}
}

// open starts an object or a list, as an element or after key; shut ends it.
func (e *enc) open(bracket byte) {
	e.comma()
	e.b = append(e.b, bracket)
}

func (e *enc) shut(bracket byte) { e.b = append(e.b, bracket) }

// key writes a field's name. Names are this package's own and need no escaping.
func (e *enc) key(name string) {
	e.comma()
	e.b = append(e.b, '"')
	e.b = append(e.b, name...)
	e.b = append(e.b, '"', ':')
}

// raw writes bytes that are a JSON value already.
func (e *enc) raw(value string) {
	e.comma()
	e.b = append(e.b, value...)
}

func (e *enc) text(v string) {
	e.comma()
	e.b = appendString(e.b, v)
}

func (e *enc) str(name, v string) {
	e.key(name)
	e.b = appendString(e.b, v)
}

// strOrNull writes null for the empty string.
func (e *enc) strOrNull(name, v string) {
	if v == "" {
		e.null(name)
		return
	}
	e.str(name, v)
}

func (e *enc) num(name string, v int) {
	e.key(name)
	e.b = strconv.AppendInt(e.b, int64(v), 10)
}

// numOrNull writes null for nil.
func (e *enc) numOrNull(name string, v *int) {
	if v == nil {
		e.null(name)
		return
	}
	e.num(name, *v)
}

func (e *enc) bool(name string, v bool) {
	e.key(name)
	e.b = strconv.AppendBool(e.b, v)
}

// boolOrNull writes null for nil.
func (e *enc) boolOrNull(name string, v *bool) {
	if v == nil {
		e.null(name)
		return
	}
	e.bool(name, *v)
}

func (e *enc) null(name string) {
	e.key(name)
	e.b = append(e.b, "null"...)
}

// strs writes a list of strings; nil is [].
func (e *enc) strs(name string, v []string) {
	e.key(name)
	e.open('[')
	for _, s := range v {
		e.text(s)
	}
	e.shut(']')
}

// time writes an instant as GitLab does, in UTC with milliseconds; the zero time is null.
func (e *enc) time(name string, t time.Time) {
	if t.IsZero() {
		e.null(name)
		return
	}
	e.key(name)
	e.b = append(e.b, '"')
	e.b = appendTime(e.b, t)
	e.b = append(e.b, '"')
}

// appendTime is time.AppendFormat for this one layout, several times as fast.
func appendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = appendDigits(b, year, 4)
	b = append(b, '-')
	b = appendDigits(b, int(month), 2)
	b = append(b, '-')
	b = appendDigits(b, day, 2)
	b = append(b, 'T')
	b = appendDigits(b, hour, 2)
	b = append(b, ':')
	b = appendDigits(b, minute, 2)
	b = append(b, ':')
	b = appendDigits(b, second, 2)
	b = append(b, '.')
	b = appendDigits(b, t.Nanosecond()/int(time.Millisecond), 3)
	return append(b, 'Z')
}

func appendDigits(b []byte, n, width int) []byte {
	for unit := pow10(width - 1); unit > 0; unit /= 10 {
		b = append(b, byte('0'+n/unit%10))
	}
	return b
}

func pow10(n int) int {
	p := 1
	for range n {
		p *= 10
	}
	return p
}

const hexDigits = "0123456789abcdef"

// appendString quotes v. Bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, v string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(v); {
		c := v[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			b = append(b, v[start:i]...)
			b = appendEscape(b, c)
			i++
			start = i
			continue
		}
		r, size := utf8.DecodeRuneInString(v[i:])
		if r == utf8.RuneError && size == 1 || r == '\u2028' || r == '\u2029' {
			b = append(b, v[start:i]...)
			b = append(b, `\u`...)
			b = append(b, hexDigits[r>>12&15], hexDigits[r>>8&15], hexDigits[r>>4&15], hexDigits[r&15])
			start = i + size
		}
		i += size
	}
	b = append(b, v[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	return append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
}
