package safetext

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// The hidden line that seals a text has a digest of it. Its format is published and never changes.
const (
	sealBegin = "<!-- prodctl:text="
	sealEnd   = " -->"
)

// Sealed is a text with a hidden line below it, by which [Seal.Intact] knows later whether a person changed the text.
func Sealed(text string) string {
	text = stored(text)
	return text + "\n\n" + sealBegin + digest(text) + sealEnd
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(stored(text)))
	return hex.EncodeToString(sum[:8])
}

// Seal is a text that was found, split at its hidden line. The zero value has none.
type Seal struct {
	Text   string // above the line
	digest string
	below  string // what a person wrote below it
}

// ReadSeal splits a text at its last seal. A text of a release that wrote none has no digest.
func ReadSeal(text string) Seal {
	text = stored(text)
	at := strings.LastIndex("\n"+text, "\n"+sealBegin)
	if at < 0 {
		return Seal{Text: text}
	}
	line, below, _ := strings.Cut(text[at:], "\n")
	sum, closed := strings.CutSuffix(strings.TrimPrefix(strings.TrimRight(line, " \t"), sealBegin), sealEnd)
	if !closed {
		return Seal{Text: text}
	}
	return Seal{Text: strings.TrimSpace(text[:at]), digest: sum, below: strings.TrimSpace(below)}
}

// Intact reports whether the text is as prodctl wrote it, as far as that is known: without a seal it counts as intact.
func (s Seal) Intact() bool { return s.digest == "" || s.below == "" && s.digest == digest(s.Text) }

// Says reports whether prodctl wrote this text, whatever a person made of it since.
func (s Seal) Says(text string) bool {
	if s.digest == "" {
		return Same(s.Text, text)
	}
	return s.digest == digest(text)
}

// Unsealed is a text without the lines that seal it.
func Unsealed(text string) string {
	lines := strings.SplitAfter(text, "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, sealBegin) }), "")
}
