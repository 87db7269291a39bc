// Package idempotency creates an issue or a comment exactly once, whatever happens on the wire and however often, or
// simultaneously, a command is run.
//
// GitLab has no idempotency keys: after a lost answer, the outcome of a create is unknown. So the text of every object that
// prodctl creates ends in a hidden line with a [Key], and after an unknown outcome the key is looked up before a retry. A second
// hidden line has the key as one word that GitLab's full-text search finds.
// Start with [FindOrCreate], which is that procedure; a [Creator] knows how one kind of object is created and found.
//
// It is a separate package because its rules are the same for issues and comments, and have to be read and tested in one
// piece. No requests are sent from here.
package idempotency

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Key identifies one object to create: a kind, such as incident, and a name that the caller passes or that is generated for
// this run. Keys are compared with ==; the zero Key is none.
type Key struct{ kind, name string }

// NewKey is the key for a kind and a name. Any text is a valid name; one that is long, or not safe in an HTML comment,
// is represented by its hash. A kind is lower-case letters, digits and dashes.
func NewKey(kind, name string) (Key, error) {
	if !validKind(kind) || !commentSafe(kind) {
		return Key{}, fmt.Errorf("invalid kind of key %q", kind)
	}
	if strings.TrimSpace(name) == "" {
		return Key{}, fmt.Errorf("empty key")
	}
	if !literal(name) && !isHash(name) {
		sum := sha256.Sum256([]byte(name))
		name = "sha256:" + hex.EncodeToString(sum[:16])
	}
	return Key{kind, name}, nil
}

// literal reports whether the marker can contain the name as it is: no spaces, nothing that ends a comment, and nothing
// that looks like the hash of a name.
func literal(name string) bool {
	return validName(name) && commentSafe(name) && !strings.HasPrefix(name, "sha256:")
}

// isHash reports whether the name is the hash of one, as an error prints it for --key.
func isHash(name string) bool {
	digest, ok := strings.CutPrefix(name, "sha256:")
	return ok && len(digest) == 32 && strings.Trim(digest, digits+"abcdef") == ""
}

// commentSafe reports whether an HTML comment can contain the text.
func commentSafe(s string) bool { return !strings.Contains(s, "--") && !strings.HasSuffix(s, "-") }

// The letters of kinds and names, and their greatest lengths.
const (
	lower, upper, digits = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	kindMax, nameMax     = 31, 120
)

func validKind(s string) bool { return len(s) <= kindMax && consistsOf(s, lower, digits+"-") }

func validName(s string) bool {
	return len(s) <= nameMax && consistsOf(s, lower+upper+digits, "._:/+=@#~-")
}

// consistsOf reports whether a text begins with one of the letters, and contains only those and the following ones.
func consistsOf(s, letters, following string) bool {
	return s != "" && strings.IndexByte(letters, s[0]) >= 0 && strings.Trim(s, letters+following) == ""
}

// Kind is the part before the name.
func (k Key) Kind() string { return k.kind }

// Name is the part after the kind: what a user passes to --key to retry.
func (k Key) Name() string { return k.name }

// String is KIND/NAME.
func (k Key) String() string { return k.kind + "/" + k.name }

const (
	markerBegin = "<!-- prodctl:key="
	wordBegin   = "<!-- prodctl:id="
	markerEnd   = " -->"
	wordLength  = len("p") + 20
)

// Near reports whether the keys differ only in their day, by one: names that are made for a day begin with it.
func (k Key) Near(other Key) bool {
	day, rest, ok := cutDay(k.name)
	otherDay, otherRest, otherOK := cutDay(other.name)
	return ok && otherOK && k.kind == other.kind && rest == otherRest && day.Sub(otherDay).Abs() <= 24*time.Hour
}

// cutDay splits auto-20180824-c4d7d4318a0c after the day.
func cutDay(name string) (day time.Time, rest string, ok bool) {
	name, made := strings.CutPrefix(name, "auto-")
	stamp, rest, cut := strings.Cut(name, "-")
	day, err := time.Parse("20060102", stamp)
	return day, rest, made && cut && err == nil
}

// Marker is the hidden line with the key. Its format is published and never changes.
func (k Key) Marker() string { return markerBegin + k.String() + markerEnd }

// Word is the key as one word: a letter and 20 hexadecimal digits of its hash. Full-text search of every version of GitLab finds it, which
// is not so for the parts of the key itself.
func (k Key) Word() string {
	sum := sha256.Sum256([]byte(k.String()))
	return "p" + hex.EncodeToString(sum[:10])
}

// Trailer is both hidden lines: the marker, and the word.
func (k Key) Trailer() string { return k.Marker() + "\n" + wordBegin + k.Word() + markerEnd }

// WordLine is a hidden line with another word by which a search finds an object: a letter other than that of [Key.Word], and hexadecimal
// digits. It comes before the trailer.
func WordLine(word string) string { return wordBegin + word + markerEnd }

// HasWord reports whether a text has the hidden line with a word, outside of code blocks and quotes.
func HasWord(text, word string) bool {
	line := WordLine(word)
	if !strings.Contains(text, line) {
		return false // the usual case
	}
	text = safetext.WithoutClosedLiterals(strings.ReplaceAll(text, "\r", ""))
	return strings.Contains("\n"+text+"\n", "\n"+line+"\n")
}

// Stamp is the text with the trailer as its last lines, after an empty line so that Markdown treats it as a block of its
// own. A trailer at the end of the text is replaced.
func Stamp(text string, k Key) string {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r", ""), " \t\n")
	for {
		head, last := cutLastLine(text)
		if !isHidden(last) {
			break
		}
		text = strings.TrimRight(head, " \t\n")
	}
	if text == "" {
		return k.Trailer()
	}
	return text + "\n\n" + k.Trailer()
}

// Unstamped is the text without the trailer at its end, if there is one. Objects of older versions have the marker alone.
func Unstamped(text string) string {
	head, last := cutLastLine(strings.TrimRight(text, " \t\r\n"))
	if isWord(last) {
		head, last = cutLastLine(strings.TrimRight(head, " \t\r\n"))
	}
	if _, ok := parseMarker(last); !ok {
		return text
	}
	return strings.TrimRight(head, " \t\r\n")
}

// Read is the key of the last marker in the text. A marker is a whole line, except for spaces at its end. Text may follow it, because
// people add text at the end. A marker in a code block or a quote does not count. Markers in text that was copied into the object come
// before its own.
func Read(text string) (Key, bool) {
	if !strings.Contains(text, markerBegin) {
		return Key{}, false // the usual case
	}
	text = safetext.WithoutClosedLiterals(strings.ReplaceAll(text, "\r", ""))
	for end := len(text); end > 0; {
		begin := strings.LastIndex(text[:end], "\n"+markerBegin) + 1
		line, _, _ := strings.Cut(text[begin:], "\n")
		if k, ok := parseMarker(strings.TrimRight(line, " \t")); ok {
			return k, true
		}
		end = begin - 1
	}
	return Key{}, false
}

// AddWord appends the line with the word to a text whose key lacks it, as in objects of older versions. lacks is false for a text without a
// key and for one that has the word of its key.
func AddWord(text string) (with string, lacks bool) {
	key, ok := Read(text)
	line := wordBegin + key.Word() + markerEnd
	if !ok || strings.Contains("\n"+strings.ReplaceAll(text, "\r", "")+"\n", "\n"+line+"\n") {
		return text, false
	}
	gap := "\n\n" // a block of its own
	if _, last := cutLastLine(strings.TrimRight(text, " \t\r\n")); isHidden(last) {
		gap = "\n"
	}
	return strings.TrimRight(text, " \t\r\n") + gap + line, true
}

func cutLastLine(text string) (head, last string) {
	i := strings.LastIndexByte(text, '\n') + 1
	return text[:i], text[i:]
}

// isHidden reports whether a line is one of a trailer.
func isHidden(line string) bool {
	_, marker := parseMarker(line)
	return marker || isWord(line)
}

// isWord reports whether a line has a key as one word.
func isWord(line string) bool {
	rest, begins := strings.CutPrefix(line, wordBegin)
	word, ends := strings.CutSuffix(rest, markerEnd)
	return begins && ends && len(word) == wordLength && word[0] == 'p' && strings.Trim(word[1:], digits+"abcdef") == ""
}

func parseMarker(line string) (Key, bool) {
	rest, begins := strings.CutPrefix(line, markerBegin)
	inner, ends := strings.CutSuffix(rest, markerEnd)
	kind, name, slash := strings.Cut(inner, "/")
	hashed := strings.HasPrefix(name, "sha256:") && validName(name)
	if !begins || !ends || !slash || !validKind(kind) || !literal(name) && !hashed {
		return Key{}, false
	}
	return Key{kind, name}, true
}
