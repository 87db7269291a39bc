package fulltext

import (
	"strings"
	"sync"
)

// maxToken is the length from which on PostgreSQL ignores a token.
const maxToken = 2047

// maxStemmed is the length of the longest word that has a stem.
const maxStemmed = 1000

// stopWords are those of PostgreSQL's English configuration.
const stopWords = "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it " +
	"its itself they them their theirs themselves what which who whom this that these those am is are was were be been being have has had " +
	"having do does did doing a an the and but if or because as until while of at by for with about against between into through during " +
	"before after above below to from up down in out on off over under again further then once here there when where why how all any both " +
	"each few more most other some such no nor not only own same so than too very s t can will just don should now"

var isStopWord = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for w := range strings.FieldsSeq(stopWords) {
		all[w] = true
	}
	return all
})

// eachLexeme yields the words of a text with their positions. A stop word is not yielded, but it has a position. Words of
// tokens that are not wanted are left out.
func eachLexeme(text string, wanted func(k kind, token string, at int) bool, yield func(lexeme string, at int)) {
	s := scanner{text: text}
	at := 0
	for {
		k, token := s.next()
		switch k {
		case none:
			return
		case blank, tag, protocol, entity:
			continue
		}
		if len(token) >= maxToken {
			continue
		}
		at++
		if !wanted(k, token, at) {
			continue
		}
		if lexeme := lexemeOf(k, token); lexeme != "" {
			yield(lexeme, at)
		}
	}
}

// lexemeOf returns the word of a token, "" for a stop word.
func lexemeOf(k kind, token string) string {
	token = strings.ToLower(token)
	switch k {
	case asciiWord, hyphenated, wordPart:
	default:
		return token
	}
	switch {
	case len(token) > maxStemmed:
		return token
	case isStopWord()[token]:
		return ""
	}
	return stem(token)
}
