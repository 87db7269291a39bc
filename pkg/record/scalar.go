package record

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// clean is a text as a value: one line, no tabs, no white space at its ends, valid UTF-8.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, string(utf8.RuneError)), "\r\n", " ")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029':
			return ' '
		}
		return r
	}, s))
}

// literalHead begins a text over the lines below it.
var literalHead = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[|>][+-]?[1-9]?[+-]?$`) })

// reference is what follows the # of an issue, which therefore begins no comment: people write "see #12" without quotes.
var reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#\d+(?:$|[^\pL\pN_])`) })

// withoutComment cuts a value that is not quoted before its comment.
func withoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') && !reference().MatchString(s[i:]) {
			return strings.TrimRight(s[:i], " \t")
		}
	}
	return strings.TrimRight(s, " \t")
}

// withoutFlowComment cuts a line of a list before its comment; a # in a quotation is none.
func withoutFlowComment(s string) string {
	begin := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case begin && (c == '"' || c == '\''):
			if _, n, ok := unquote(s[i:]); ok {
				i += n - 1
			}
			begin = false
		case c == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') && !reference().MatchString(s[i:]):
			return strings.TrimRight(s[:i], " \t")
		default:
			begin = c == ',' || c == '[' || begin && (c == ' ' || c == '\t')
		}
	}
	return strings.TrimRight(s, " \t")
}

// plainValue is the value of a text without quotes.
func plainValue(s string) string {
	switch s = clean(s); s {
	case "~", "null", "Null", "NULL":
		return ""
	}
	return s
}

// itemValue is the value of one item of a list.
func itemValue(raw string) string {
	if raw != "" && (raw[0] == '"' || raw[0] == '\'') {
		if text, end, ok := unquote(raw); ok && onlyComment(raw[end:]) {
			return text
		}
	}
	return plainValue(withoutComment(raw))
}

// flowItems reads the items of a list behind its opening bracket, as far as its closing one, and where that ends.
// Brackets and quotations in an item belong to it. A list that is not closed goes on to the end.
func flowItems(s string) (items []string, end int, closed bool) {
	add := func(raw string) {
		if text := itemValue(strings.Trim(raw, " \t")); text != "" {
			items = append(items, text)
		}
	}
	from, depth, begin := 0, 0, true
	for i := 0; i < len(s); i++ {
		c := s[i]
		first := begin
		begin = c == ',' && depth == 0 || begin && (c == ' ' || c == '\t')
		switch {
		case first && (c == '"' || c == '\''):
			if _, n, ok := unquote(s[i:]); ok {
				i += n - 1
			}
		case c == '[' || c == '{':
			depth++
		case c == '}' && depth > 0, c == ']' && depth > 0:
			depth--
		case c == ',' && depth == 0:
			add(s[from:i])
			from = i + 1
		case c == ']':
			add(s[from:i])
			return items, i + 1, true
		}
	}
	add(s[from:])
	return items, len(s), false
}

// unquote reads the quotation that s begins with, and where it ends. What is no escape in YAML stands for itself, as in "C:\disk".
// Without an end it is the rest of s.
func unquote(s string) (text string, end int, closed bool) {
	var b strings.Builder
	mark := s[0]
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\'' && mark == '\'' && strings.HasPrefix(s[i+1:], "'"):
			b.WriteByte(c)
			i++
		case c == mark:
			return clean(b.String()), i + 1, true
		case c == '\\' && mark == '"':
			r, n := escaped(s[i+1:])
			b.WriteString(r)
			i += n
		default:
			b.WriteByte(c)
		}
	}
	return clean(b.String()), len(s), false
}

// The letters of escapes, and at the same places what they stand for.
const (
	escapes      = "0abt\tnvfre \"/\\N_LP"
	escapeValues = "\x00\a\b\t\t\n\v\f\r\x1b \"/\\\u0085\u00a0\u2028\u2029"
)

// escapeDigits is how many hexadecimal digits stand behind a letter of those escapes that have some.
func escapeDigits(c byte) int {
	switch c {
	case 'x':
		return 2
	case 'u':
		return 4
	case 'U':
		return 8
	}
	return 0
}

// escaped is what stands behind a backslash, and how long it is there.
func escaped(s string) (string, int) {
	if s == "" {
		return `\`, 0
	}
	if at := strings.IndexByte(escapes, s[0]); at >= 0 {
		return string([]rune(escapeValues)[at]), 1
	}
	if n := escapeDigits(s[0]); n > 0 && len(s) > n {
		if code, err := strconv.ParseUint(s[1:1+n], 16, 32); err == nil && code <= unicode.MaxRune {
			return string(rune(code)), 1 + n
		}
	}
	return `\`, 0
}

var (
	number   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:0|-?[1-9]\d{0,14}|\d\.\d{0,3}[1-9])$`) })
	length   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:\d{1,6}[dhms])+$`) })
	wordy    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\pL[\pL\pN _./+()#%'=-]*$`) })
	wordyURL = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^https?://[A-Za-z0-9_./?=&+%#~-]+(?::\d+/[A-Za-z0-9_./?=&+%#~-]*)?$`)
	})
)

// scalar is a value as it is written: as it is where every YAML reader takes it for this very text, else in double quotes.
// Numbers, true, false and times in the form of FormatTime are written bare; a reader may take them for what they are.
// Whatever is no printable character is written as an escape.
func scalar(s string) string {
	if bare(s) || wordyURL().MatchString(s) {
		return s
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && s == FormatTime(t) {
		return s
	}
	return quote(s)
}

// flowScalar is a value as an item of a list, where fewer texts may stand bare.
func flowScalar(s string) string {
	if bare(s) {
		return s
	}
	return quote(s)
}

func bare(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false":
		return s == strings.ToLower(s)
	case "y", "n", "yes", "no", "on", "off", "null":
		return false
	}
	return number().MatchString(s) || length().MatchString(s) || wordy().MatchString(s) && !strings.Contains(s, " #") &&
		strings.TrimSpace(s) == s
}

func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
