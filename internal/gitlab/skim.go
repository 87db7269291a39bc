package gitlab

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"time"
	"unicode/utf8"
)

// skim reads JSON for a few fields out of many. An issue comes with some sixty, of which a dozen are wanted, and lists run to
// hundreds of megabytes; encoding/json takes several times as long over them as the network. What is skipped is not
// checked beyond its brackets and quotes. What is read is what encoding/json reads: the fuzz test holds them together.
//
// The first fault ends it; everything after that gives zero values.
type skim struct {
	b    []byte
	i    int
	err  error
	seen map[string]string // short strings that come again and again: labels, people, milestones
}

var errSyntax = errors.New("the JSON is broken")

func (s *skim) fail(err error) {
	if s.err == nil {
		s.err = err
	}
	s.i = len(s.b)
}

// peek is the next byte that is no white space, 0 at the end.
func (s *skim) peek() byte {
	for ; s.i < len(s.b); s.i++ {
		switch s.b[s.i] {
		case ' ', '\n', '\r', '\t':
		default:
			return s.b[s.i]
		}
	}
	return 0
}

// take consumes the byte if it is the next one.
func (s *skim) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.i++
	return true
}

// object calls field for every key; field has to consume the value. Null is an object without keys.
func (s *skim) object(field func(key []byte)) {
	if s.null() {
		return
	}
	if !s.take('{') {
		s.fail(errSyntax)
		return
	}
	for first := true; s.err == nil && !s.take('}'); first = false {
		if !first && !s.take(',') {
			s.fail(errSyntax)
			return
		}
		key := s.quoted()
		if bytes.IndexByte(key, '\\') >= 0 {
			key = []byte(s.plain(key))
		}
		if !s.take(':') {
			s.fail(errSyntax)
			return
		}
		field(key)
	}
}

// array calls element for every element, which has to be consumed. Null is an array without any.
func (s *skim) array(element func()) {
	if s.null() {
		return
	}
	if !s.take('[') {
		s.fail(errSyntax)
		return
	}
	for first := true; s.err == nil && !s.take(']'); first = false {
		if !first && !s.take(',') {
			s.fail(errSyntax)
			return
		}
		element()
	}
}

// null consumes a null.
func (s *skim) null() bool {
	if s.peek() != 'n' {
		return false
	}
	return s.word("null")
}

func (s *skim) word(w string) bool {
	if !bytes.HasPrefix(s.b[s.i:], []byte(w)) {
		s.fail(errSyntax)
		return false
	}
	s.i += len(w)
	return true
}

// quoted consumes a string and returns what is between its quotes, escapes and all.
func (s *skim) quoted() []byte {
	if !s.take('"') {
		s.fail(errSyntax)
		return nil
	}
	for begin, i := s.i, s.i; ; {
		n := bytes.IndexByte(s.b[i:], '"')
		if n < 0 {
			s.fail(io.ErrUnexpectedEOF)
			return nil
		}
		i += n + 1
		if text := s.b[begin : i-1]; !escaped(text) {
			s.i = i
			return text
		}
	}
}

// escaped reports whether the quote that follows the text is none, because the text ends in an odd number of backslashes.
func escaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 == 1
}

// text is a string, empty for null.
func (s *skim) text() string {
	if s.null() {
		return ""
	}
	return s.plain(s.quoted())
}

// plain is the text of a string without its escapes. What is not simple is left to encoding/json.
func (s *skim) plain(raw []byte) string {
	if !utf8.Valid(raw) {
		return s.careful(raw)
	}
	n := bytes.IndexByte(raw, '\\')
	if n < 0 {
		return string(raw)
	}
	all, text := raw, make([]byte, 0, len(raw))
	for n >= 0 && n+1 < len(raw) {
		c := unescaped(raw[n+1])
		if c == 0 {
			return s.careful(all)
		}
		text = append(append(text, raw[:n]...), c)
		raw = raw[n+2:]
		n = bytes.IndexByte(raw, '\\')
	}
	return string(append(text, raw...))
}

// unescaped is what stands for the letter after a backslash, 0 for those that need more than a letter.
func unescaped(c byte) byte {
	switch c {
	case '"', '\\', '/':
		return c
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	}
	return 0
}

// careful is the text of a string as encoding/json reads it.
func (s *skim) careful(raw []byte) (text string) {
	if err := json.Unmarshal(append(append([]byte{'"'}, raw...), '"'), &text); err != nil {
		s.fail(err)
	}
	return text
}

// shared is a string that is likely to come again; it is kept once.
func (s *skim) shared() string {
	if s.null() {
		return ""
	}
	raw := s.quoted()
	if known, ok := s.seen[string(raw)]; ok {
		return known
	}
	text := s.plain(raw)
	s.seen[string(raw)] = text
	return text
}

// number is a whole number, 0 for null.
func (s *skim) number() int64 {
	if s.null() {
		return 0
	}
	s.peek()
	begin := s.i
	for s.i < len(s.b) && (s.b[s.i] == '-' || '0' <= s.b[s.i] && s.b[s.i] <= '9') {
		s.i++
	}
	n, err := strconv.ParseInt(string(s.b[begin:s.i]), 10, 64)
	if err != nil {
		s.fail(err)
	}
	return n
}

// truth is a boolean, false for null.
func (s *skim) truth() bool {
	switch s.peek() {
	case 't':
		return s.word("true")
	case 'f':
		s.word("false")
	case 'n':
		s.word("null")
	default:
		s.fail(errSyntax)
	}
	return false
}

// instant is an RFC 3339 time, the zero time for null.
func (s *skim) instant() (t time.Time) {
	if s.null() {
		return t
	}
	raw := s.quoted()
	if s.err != nil {
		return t
	}
	if err := t.UnmarshalText(raw); err != nil {
		s.fail(err)
	}
	return t
}

// skip consumes any value.
func (s *skim) skip() {
	switch s.peek() {
	case '"':
		s.quoted()
	case '{', '[':
		s.brackets()
	default:
		for s.i < len(s.b) && bytes.IndexByte([]byte(",]} \n\r\t"), s.b[s.i]) < 0 {
			s.i++
		}
	}
}

// brackets consumes an object or array by counting.
func (s *skim) brackets() {
	for depth := 0; s.i < len(s.b); {
		switch s.b[s.i] {
		case '"':
			s.quoted()
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				s.i++
				return
			}
		}
		s.i++
	}
	s.fail(io.ErrUnexpectedEOF)
}
