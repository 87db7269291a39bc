// Package jsonenc writes JSON by appending to a buffer. The instance mostly serves lists of a hundred issues, and
// reflection would be most of their cost. Start with Encoder. It does not read JSON.
package jsonenc

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// Encoder writes JSON by appending to Bytes. It decides where a comma goes from the byte before.
//
// Its short methods are not inlined: they are called at some thousand places, and inlining them there adds 170 kB to the
// program for no measurable time.
type Encoder struct{ Bytes []byte }

//go:noinline
func (e *Encoder) comma() {
	if n := len(e.Bytes); n > 0 {
		switch e.Bytes[n-1] {
		case '{', '[', ':':
		default:
			e.Bytes = append(e.Bytes, ',')
		}
	}
}

// Open starts an object or a list, as an element or after Key; Shut ends it.
//
//go:noinline
func (e *Encoder) Open(bracket byte) {
	e.comma()
	e.Bytes = append(e.Bytes, bracket)
}

// Shut ends an object or a list.
//
//go:noinline
func (e *Encoder) Shut(bracket byte) { e.Bytes = append(e.Bytes, bracket) }

// Key writes a field's name. Names come from this package and need no escaping.
//
//go:noinline
func (e *Encoder) Key(name string) {
	e.comma()
	e.Bytes = append(e.Bytes, '"')
	e.Bytes = append(e.Bytes, name...)
	e.Bytes = append(e.Bytes, '"', ':')
}

// Raw writes bytes that are already a JSON value.
//
//go:noinline
func (e *Encoder) Raw(value string) {
	e.comma()
	e.Bytes = append(e.Bytes, value...)
}

// Text writes a string as an element of a list.
//
//go:noinline
func (e *Encoder) Text(v string) {
	e.comma()
	e.Bytes = appendString(e.Bytes, v)
}

// Str writes a string field.
func (e *Encoder) Str(name, v string) {
	e.Key(name)
	e.Bytes = appendString(e.Bytes, v)
}

// StrOrNull writes a string field, null for the empty string.
func (e *Encoder) StrOrNull(name, v string) {
	if v == "" {
		e.Null(name)
		return
	}
	e.Str(name, v)
}

// StrOrEmpty writes null instead of an empty string, unless keep is set.
func (e *Encoder) StrOrEmpty(name, v string, keep bool) {
	if keep {
		e.Str(name, v)
	} else {
		e.StrOrNull(name, v)
	}
}

// Num writes a number field.
func (e *Encoder) Num(name string, v int) {
	e.Key(name)
	e.Bytes = strconv.AppendInt(e.Bytes, int64(v), 10)
}

// NumOrNull writes a number field, null for nil.
func (e *Encoder) NumOrNull(name string, v *int) {
	if v == nil {
		e.Null(name)
		return
	}
	e.Num(name, *v)
}

// Bool writes a boolean field.
func (e *Encoder) Bool(name string, v bool) {
	e.Key(name)
	e.Bytes = strconv.AppendBool(e.Bytes, v)
}

// BoolOrNull writes a boolean field, null for nil.
func (e *Encoder) BoolOrNull(name string, v *bool) {
	if v == nil {
		e.Null(name)
		return
	}
	e.Bool(name, *v)
}

// Null writes a null field.
func (e *Encoder) Null(name string) {
	e.Key(name)
	e.Bytes = append(e.Bytes, "null"...)
}

// Strs writes a list of strings; nil is [].
func (e *Encoder) Strs(name string, v []string) {
	e.Key(name)
	e.Open('[')
	for _, s := range v {
		e.Text(s)
	}
	e.Shut(']')
}

// Time writes an instant in GitLab's format, UTC with milliseconds; the zero time is null.
func (e *Encoder) Time(name string, t time.Time) {
	if t.IsZero() {
		e.Null(name)
		return
	}
	e.Key(name)
	e.Bytes = append(e.Bytes, '"')
	e.Bytes = appendTime(e.Bytes, t)
	e.Bytes = append(e.Bytes, '"')
}

// appendTime is time.AppendFormat for this one layout, several times as fast.
func appendTime(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b = AppendDigits(b, year, 4)
	b = append(b, '-')
	b = AppendDigits(b, int(month), 2)
	b = append(b, '-')
	b = AppendDigits(b, day, 2)
	b = append(b, 'T')
	b = AppendDigits(b, hour, 2)
	b = append(b, ':')
	b = AppendDigits(b, minute, 2)
	b = append(b, ':')
	b = AppendDigits(b, second, 2)
	b = append(b, '.')
	b = AppendDigits(b, t.Nanosecond()/int(time.Millisecond), 3)
	return append(b, 'Z')
}

// AppendDigits appends n in decimal with leading zeros up to the width.
func AppendDigits(b []byte, n, width int) []byte {
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

// appendString quotes v. Invalid UTF-8 becomes U+FFFD.
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
