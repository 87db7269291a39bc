// Package once makes an issue or a comment exactly once, whatever happens on the wire and however often or
// simultaneously a command is run.
//
// GitLab has no idempotency keys: after a lost answer nobody can tell whether a create was carried out. So every text that
// prodctl makes an object with ends in a hidden line that holds a key, and where the outcome is unknown the key is looked
// for before another try. [Do] is that procedure; a [Creator] knows how one kind of object is made and found.
//
// It is a package of its own because its rules hold for issues and comments alike and must be read, and tested, in one
// piece. Requests are not here.
package once

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// Key names one object that is to be made: a kind, such as incident, and a name that the caller gives or that is made for
// this run. Keys are compared with ==; the zero Key is none.
type Key struct{ kind, name string }

var (
	kindPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,30}$`)
	namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/+=@#~-]{0,119}$`)
)

// NewKey is the key for a name that the caller gives. Any text will do; one that is long, or that would not survive in an
// HTML comment, is represented by its hash. A kind is lower-case letters, digits and dashes.
func NewKey(kind, name string) (Key, error) {
	if !kindPattern.MatchString(kind) || strings.Contains(kind, "--") || strings.HasSuffix(kind, "-") {
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
	return namePattern.MatchString(name) && !strings.Contains(name, "--") && !strings.HasSuffix(name, "-") && !strings.HasPrefix(name, "sha256:")
}

// Fresh is a key that nobody else has, made for this run.
func Fresh(kind string) (Key, error) { return NewKey(kind, "run-"+strings.ToLower(rand.Text())) }

// IsZero reports whether k is no key.
func (k Key) IsZero() bool { return k == Key{} }

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

// Read is the key of the last line of the text that is a marker from its first character to its last, blanks at its end aside. It need not be
// the last line: people write behind it. A marker in a quotation does not stand at the begin of its line, and those of texts that
// were put into the object come before its own.
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
	hashed := strings.HasPrefix(name, "sha256:") && namePattern.MatchString(name)
	if !begins || !ends || !parted || !kindPattern.MatchString(kind) || !plain(name) && !hashed {
		return Key{}, false
	}
	return Key{kind, name}, true
}
