package site

import (
	"strings"
	"unicode"

	"gitlab.com/prodctl/prodctl/pkg/account"
)

// maxInitials is the number of letters for a person.
const maxInitials = 3

// Initials returns the initials of a display name or a user name: "A.O." for Ana Ott and ana.ott, "?." without any letter. Two people may
// have the same ones. No user name ends with a dot, so they are never mistaken for one. The account of a token has none.
func Initials(name string) string {
	if !account.IsPerson(name) {
		return "an access token"
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	out := ""
	for n, word := range words {
		for _, r := range word {
			if n < maxInitials && !unicode.IsMark(r) {
				out += string(unicode.ToUpper(r)) + "."
				break
			}
		}
	}
	if out == "" {
		return "?."
	}
	return out
}
