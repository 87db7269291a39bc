package fulltext

import (
	"strings"
	"sync"
)

// stemmer has the word that is reduced to its stem by the rules known as Porter 2, the English ones of Snowball. Its y is in
// upper case where it is a consonant.
type stemmer struct {
	word   string
	r1, r2 int // where the regions begin in which endings are removed
}

// irregular are the words whose stems are not made by rules. A word without a stem of its own is one.
const irregular = "skis:ski skies:sky dying:die lying:lie tying:tie idly:idl gently:gentl ugly:ugli early:earli only:onli singly:singl " +
	"sky:sky news:news howe:howe atlas:atlas cosmos:cosmos bias:bias andes:andes"

// kept are the words that keep their endings once the plural is removed.
const kept = " inning outing canning herring earring proceed exceed succeed "

var irregularStems = sync.OnceValue(func() map[string]string { return pairs(irregular) })

func pairs(list string) map[string]string {
	all := map[string]string{}
	for entry := range strings.FieldsSeq(list) {
		from, to, _ := strings.Cut(entry, ":")
		all[from] = to
	}
	return all
}

// stem returns the stem of a word in lower case.
func stem(word string) string {
	if len(word) <= 2 {
		return word
	}
	if known, ok := irregularStems()[word]; ok {
		return known
	}
	s := &stemmer{word: markConsonants(word)}
	s.regions()
	s.plural()
	if !strings.Contains(kept, " "+s.word+" ") {
		s.pastAndGerund()
		s.finalY()
		s.replace(longEndings(), s.r1)
		s.replace(shortEndings(), s.r1)
		s.removeEnding()
		s.finalLetter()
	}
	return strings.ReplaceAll(s.word, "Y", "y")
}

// markConsonants writes each y in upper case that is at the beginning or behind a vowel.
func markConsonants(word string) string {
	if !strings.Contains(word, "y") {
		return word
	}
	b := []byte(word)
	for i, c := range b {
		if c == 'y' && (i == 0 || isVowel(b[i-1])) {
			b[i] = 'Y'
		}
	}
	return string(b)
}

func isVowel(c byte) bool { return strings.IndexByte("aeiouy", c) >= 0 }

// regions finds the regions: each begins behind the first consonant that follows a vowel.
func (s *stemmer) regions() {
	s.r1 = s.behindSyllable(0)
	for _, prefix := range []string{"gener", "commun", "arsen"} {
		if strings.HasPrefix(s.word, prefix) {
			s.r1 = len(prefix)
		}
	}
	s.r2 = s.behindSyllable(s.r1)
}

func (s *stemmer) behindSyllable(from int) int {
	for i := from + 1; i < len(s.word); i++ {
		if isVowel(s.word[i-1]) && !isVowel(s.word[i]) {
			return i + 1
		}
	}
	return len(s.word)
}

func (s *stemmer) ends(suffix string) bool { return strings.HasSuffix(s.word, suffix) }

// cut replaces the last n letters.
func (s *stemmer) cut(n int, with string) { s.word = s.word[:len(s.word)-n] + with }

func hasVowel(part string) bool { return strings.ContainsAny(part, "aeiouy") }

func (s *stemmer) plural() {
	switch n := len(s.word); {
	case s.ends("sses"):
		s.cut(2, "")
	case s.ends("ied"), s.ends("ies"):
		if n > 4 {
			s.cut(2, "")
		} else {
			s.cut(1, "")
		}
	case s.ends("us"), s.ends("ss"):
	case s.ends("s") && hasVowel(s.word[:max(n-2, 0)]):
		s.cut(1, "")
	}
}

func (s *stemmer) pastAndGerund() {
	for _, suffix := range []string{"eedly", "eed"} {
		if s.ends(suffix) {
			if len(s.word)-len(suffix) >= s.r1 {
				s.cut(len(suffix), "ee")
			}
			return
		}
	}
	for _, suffix := range []string{"ingly", "edly", "ing", "ed"} {
		if s.ends(suffix) {
			if hasVowel(s.word[:len(s.word)-len(suffix)]) {
				s.cut(len(suffix), "")
				s.restore()
			}
			return
		}
	}
}

// restore repairs the end of a word that has lost ed or ing.
func (s *stemmer) restore() {
	n := len(s.word)
	switch {
	case s.ends("at"), s.ends("bl"), s.ends("iz"):
		s.word += "e"
	case n >= 2 && s.word[n-1] == s.word[n-2] && strings.IndexByte("bdfgmnprt", s.word[n-1]) >= 0:
		s.cut(1, "")
	case s.r1 >= n && s.shortSyllable():
		s.word += "e"
	}
}

// shortSyllable reports whether the word ends in a short syllable.
func (s *stemmer) shortSyllable() bool {
	switch n := len(s.word); {
	case n == 2:
		return isVowel(s.word[0]) && !isVowel(s.word[1])
	case n > 2:
		return !isVowel(s.word[n-3]) && isVowel(s.word[n-2]) && !isVowel(s.word[n-1]) && strings.IndexByte("wxY", s.word[n-1]) < 0
	}
	return false
}

func (s *stemmer) finalY() {
	n := len(s.word)
	if (s.ends("y") || s.ends("Y")) && n > 2 && !isVowel(s.word[n-2]) {
		s.cut(1, "i")
	}
}

// The endings that are replaced, in two rounds, the longer ones first.
var (
	longEndings = sync.OnceValue(func() []ending {
		return endings("ational:ate ization:ize fulness:ful ousness:ous iveness:ive tional:tion biliti:ble lessli:less alism:al aliti:al " +
			"ation:ate entli:ent ousli:ous iviti:ive fulli:ful enci:ence anci:ance abli:able izer:ize ator:ate alli:al bli:ble ogi:og li:")
	})
	shortEndings = sync.OnceValue(func() []ending {
		return endings("ational:ate tional:tion alize:al icate:ic iciti:ic ative: ical:ic ness: ful:")
	})
)

type ending struct{ from, to string }

func endings(list string) []ending {
	var all []ending
	for entry := range strings.FieldsSeq(list) {
		from, to, _ := strings.Cut(entry, ":")
		all = append(all, ending{from, to})
	}
	return all
}

// replace replaces the longest of the endings if it is within the region.
func (s *stemmer) replace(list []ending, region int) {
	for _, e := range list {
		if !s.ends(e.from) {
			continue
		}
		if at := len(s.word) - len(e.from); at >= region && s.mayReplace(e.from, at) {
			s.cut(len(e.from), e.to)
		}
		return
	}
}

// mayReplace has the conditions of endings that depend on the letter before them.
func (s *stemmer) mayReplace(suffix string, at int) bool {
	switch suffix {
	case "ogi":
		return at > 0 && s.word[at-1] == 'l'
	case "li":
		return at > 0 && strings.IndexByte("cdeghkmnrt", s.word[at-1]) >= 0
	case "ative":
		return at >= s.r2
	}
	return true
}

// removeEnding removes an ending in the second region.
func (s *stemmer) removeEnding() {
	const list = "ement ance ence able ible ment ant ent ism ate iti ous ive ize ion al er ic"
	for suffix := range strings.FieldsSeq(list) {
		if !s.ends(suffix) {
			continue
		}
		at := len(s.word) - len(suffix)
		if at >= s.r2 && (suffix != "ion" || at > 0 && strings.IndexByte("st", s.word[at-1]) >= 0) {
			s.cut(len(suffix), "")
		}
		return
	}
}

func (s *stemmer) finalLetter() {
	at := len(s.word) - 1
	switch {
	case s.ends("e"):
		before := &stemmer{word: s.word[:at]}
		if at >= s.r2 || at >= s.r1 && !before.shortSyllable() {
			s.cut(1, "")
		}
	case s.ends("ll") && at >= s.r2:
		s.cut(1, "")
	}
}
