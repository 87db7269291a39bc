package handoff

import (
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/account"
)

// Mention returns the line that mentions people, followed by an empty line; empty if there is nobody to mention.
//
// Names that GitLab does not allow are left out, and so are the accounts of tokens, and "all", which would notify everybody. So would
// "all.", because GitLab does not count a trailing dot as part of a mention.
func Mention(people []string) string {
	var names []string
	for _, name := range people {
		if isUserName(name) && account.IsPerson(name) && !strings.EqualFold(name, "all") {
			names = append(names, "@"+name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return strings.Join(names, " ") + "\n\n"
}

// isUserName reports whether GitLab allows a user name: letters, digits, _, - and ., not starting with - or . and not ending with a dot.
func isUserName(name string) bool {
	const others = "-."
	for _, r := range name {
		if !isWord(r) && !strings.ContainsRune(others, r) {
			return false
		}
	}
	return name != "" && isWord(rune(name[0])) && !strings.HasSuffix(name, ".")
}

func isWord(r rune) bool {
	return r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}
