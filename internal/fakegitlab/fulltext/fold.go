package fulltext

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// folds are the letters that have an approximation in ASCII, by it.
const folds = "A:ÀÁÂÃÄÅĀĂĄ AE:Æ C:ÇĆĈĊČ D:ÐĎĐ E:ÈÉÊËĒĔĖĘĚ G:ĜĞĠĢ H:ĤĦ I:ÌÍÎÏĨĪĬĮİ IJ:Ĳ J:Ĵ K:Ķ L:ĹĻĽĿŁ N:ÑŃŅŇ NG:Ŋ O:ÒÓÔÕÖØŌŎŐ OE:Œ " +
	"R:ŔŖŘ S:ŚŜŞŠ SS:ẞ T:ŢŤŦ Th:Þ U:ÙÚÛÜŨŪŬŮŰŲ W:Ŵ Y:ÝŶŸ Z:ŹŻŽ " +
	"a:àáâãäåāăą ae:æ c:çćĉċč d:ðďđ e:èéêëēĕėęě g:ĝğġģ h:ĥħ i:ìíîïĩīĭįı ij:ĳ j:ĵ k:ķĸ l:ĺļľŀł n:ñńņň ng:ŋ 'n:ŉ o:òóôõöøōŏő oe:œ " +
	"r:ŕŗř s:śŝşš ss:ß t:ţťŧ th:þ u:ùúûüũūŭůűų w:ŵ x:× y:ýÿŷ z:źżž"

var foldOf = sync.OnceValue(func() map[rune]string {
	all := map[rune]string{}
	for entry := range strings.FieldsSeq(folds) {
		ascii, letters, _ := strings.Cut(entry, ":")
		for _, r := range letters {
			all[r] = ascii
		}
	}
	return all
})

// Fold replaces letters with accents by their approximations in ASCII, and all other characters by question marks.
func Fold(text string) string {
	if isASCII(text) {
		return text
	}
	table := foldOf()
	var b strings.Builder
	for _, r := range text {
		switch ascii, ok := table[r]; {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case ok:
			b.WriteString(ascii)
		case !isAccent(r) || !endsInLetter(b.String()):
			b.WriteByte('?')
		}
	}
	return b.String()
}

// isAccent reports whether the character is an accent of its own, which belongs to the letter before it.
func isAccent(r rune) bool { return r >= 0x0300 && r <= 0x0328 }

func endsInLetter(text string) bool { return text != "" && isLetter(text[len(text)-1]) }

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// containsFold reports whether a text has a part in any letter case. Both are ASCII, and the part is in lower case.
func containsFold(text, part string) bool {
	if part == "" {
		return true
	}
	first, upper := part[0], upperOf(part[0])
	for i := 0; i+len(part) <= len(text); i++ {
		if c := text[i]; (c == first || c == upper) && strings.EqualFold(text[i:i+len(part)], part) {
			return true
		}
	}
	return false
}

func upperOf(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 'a' + 'A'
	}
	return c
}
