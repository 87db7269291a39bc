// Package idempotency makes an issue or a comment exactly once, whatever happens on the wire and however often or
// simultaneously a command is run.
//
// GitLab has no idempotency keys: after a lost answer nobody can tell whether a create was carried out. So every text that
// prodctl makes an object with ends in a hidden line that holds a [Key], and where the outcome is unknown the key is looked
// for before another try. [FindOrCreate] is that procedure; a [Creator] knows how one kind of object is made and found.
//
// It is a package of its own because its rules hold for issues and comments alike and must be read, and tested, in one
// piece. Requests are not here.
package idempotency

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Key names one object that is to be made: a kind, such as incident, and a name that the caller gives or that is made for
// this run. Keys are compared with ==; the zero Key is none.
type Key struct{ kind, name string }

// NewKey is the key for a name that the caller gives. Any text will do; one that is long, or that would not survive in an
// HTML comment, is represented by its hash. A kind is lower-case letters, digits and dashes.
func NewKey(kind, name string) (Key, error) {
	if !validKind(kind) || !survives(kind) {
		return Key{}, fmt.Errorf("%q is no kind of key", kind)
	}
	if strings.TrimSpace(name) == "" {
		return Key{}, fmt.Errorf("the key is empty")
	}
	if !plain(name) {
		sum := sha256.Sum256([]byte(name))
		name = "sha256:" + hex.EncodeToString(sum[:16])
	}
	return Key{kind, name}, nil
}

// plain reports whether a name can stand in the marker as it is: no blanks, nothing that ends a comment, and nothing
// that a name's hash looks like.
func plain(name string) bool {
	return validName(name) && survives(name) && !strings.HasPrefix(name, "sha256:")
}

// survives reports whether a text can stand in an HTML comment.
func survives(s string) bool { return !strings.Contains(s, "--") && !strings.HasSuffix(s, "-") }

// The letters of kinds and names, and how long they are at most.
const (
	lower, upper, digits = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"
	kindMax, nameMax     = 31, 120
)

func validKind(s string) bool { return len(s) <= kindMax && consists(s, lower, digits+"-") }

func validName(s string) bool {
	return len(s) <= nameMax && consists(s, lower+upper+digits, "._:/+=@#~-")
}

// consists reports whether a text begins with one of the letters, and has none but them and those that may follow.
func consists(s, letters, following string) bool {
	return s != "" && strings.IndexByte(letters, s[0]) >= 0 && strings.Trim(s, letters+following) == ""
}

// Kind is the part before the name.
func (k Key) Kind() string { return k.kind }

// Name is the part after the kind: what a user gives with --key to go on with the same object.
func (k Key) Name() string { return k.name }

// String is KIND/NAME.
func (k Key) String() string { return k.kind + "/" + k.name }

const (
	markerBegin = "<!-- prodctl:key="
	markerEnd   = " -->"
)

// Marker is the hidden line. Its form is part of the published format and never changes.
func (k Key) Marker() string { return markerBegin + k.String() + markerEnd }

// Stamp is the text with the marker as its last line, parted from the rest so that Markdown takes it for a block of its
// own. A marker that the text ends in already is replaced.
func Stamp(text string, k Key) string {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r", ""), " \t\n")
	for {
		head, last := cutLastLine(text)
		if _, ok := parseMarker(last); !ok {
			break
		}
		text = strings.TrimRight(head, " \t\n")
	}
	if text == "" {
		return k.Marker()
	}
	return text + "\n\n" + k.Marker()
}

// Unstamped is the text without the marker that it ends in, if it does.
func Unstamped(text string) string {
	head, last := cutLastLine(strings.TrimRight(text, " \t\r\n"))
	if _, ok := parseMarker(last); !ok {
		return text
	}
	return strings.TrimRight(head, " \t\r\n")
}

// Read is the key of the last line of the text that is a marker from its first character to its last, blanks at its end aside. It need not
// be the last line: people write behind it. A marker in a quotation does not stand at the begin of its line, and those of texts that were
// put into the object come before its own.
func Read(text string) (Key, bool) {
	text = strings.ReplaceAll(text, "\r", "")
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

func cutLastLine(text string) (head, last string) {
	i := strings.LastIndexByte(text, '\n') + 1
	return text[:i], text[i:]
}

func parseMarker(line string) (Key, bool) {
	rest, begins := strings.CutPrefix(line, markerBegin)
	inner, ends := strings.CutSuffix(rest, markerEnd)
	kind, name, parted := strings.Cut(inner, "/")
	hashed := strings.HasPrefix(name, "sha256:") && validName(name)
	if !begins || !ends || !parted || !validKind(kind) || !plain(name) && !hashed {
		return Key{}, false
	}
	return Key{kind, name}, true
}
