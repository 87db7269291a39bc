package fulltext

import "strings"

// Terms splits a search at its blanks. Words in double quotes stay together, without the quotes, and come last; a quote
// inside a word is part of it.
func Terms(search string) []string {
	var rest strings.Builder
	var quoted []string
	for i := 0; i < len(search); {
		if end := quotedEnd(search, i); end > 0 {
			quoted = append(quoted, search[i+1:end-1])
			i = end
			continue
		}
		rest.WriteByte(search[i])
		i++
	}
	return append(strings.FieldsFunc(rest.String(), isSpaceRune), quoted...)
}

// quotedEnd returns where the quoted words that begin here end, 0 if none do.
func quotedEnd(search string, i int) int {
	if search[i] != '"' || i > 0 && search[i-1] != ' ' {
		return 0
	}
	length := strings.IndexByte(search[i+1:], '"')
	end := i + length + 2
	if length < 1 || end < len(search) && search[end] != ' ' {
		return 0
	}
	return end
}

func isSpaceRune(r rune) bool { return r == ' ' || r >= '\t' && r <= '\r' }
