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

// clean makes a text a valid value: one line, no tabs, no white space at its ends, valid UTF-8.
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

// literalHead matches | and >, which begin a text on the lines below.
var literalHead = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[|>][+-]?[1-9]?[+-]?$`) })

// reference matches an issue reference, whose # does not begin a comment: people write "see #12" without quotes.
var reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#\d+(?:$|[^\pL\pN_])`) })

// withoutComment cuts the comment from a value that is not quoted.
func withoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') && !reference().MatchString(s[i:]) {
			return strings.TrimRight(s[:i], " \t")
		}
	}
	return strings.TrimRight(s, " \t")
}

// withoutFlowComment cuts the comment from a line of a list. A # in a quoted text does not begin one.
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

// flowItems parses the items of a list from after its opening bracket to its closing one, and returns where that ends.
// Brackets and quoted texts in an item are part of it. A list that is not closed extends to the end.
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

// unquote parses the quoted text at the start of s, and returns where it ends. An invalid escape is kept as text, as in "C:\disk".
// Without a closing quote it is the rest of s.
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

// The letters of escapes, and their values at the same positions.
const (
	escapes      = "0abt\tnvfre \"/\\N_LP"
	escapeValues = "\x00\a\b\t\t\n\v\f\r\x1b \"/\\\u0085\u00a0\u2028\u2029"
)

// escapeDigits is how many hexadecimal digits follow the letter of an escape.
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

// escaped returns the value of the escape after a backslash, and its length.
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

// scalar returns a value as written: bare if every YAML parser reads it as exactly this text, else in double quotes.
// Numbers, true, false and times in the form of FormatTime are bare too; a parser may give them their own type.
// Characters that are not printable are escaped.
func scalar(s string) string {
	if bare(s) || wordyURL().MatchString(s) {
		return s
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil && s == FormatTime(t) {
		return s
	}
	return quote(s)
}

// flowScalar returns a value as written in a list, where fewer texts can be bare.
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
