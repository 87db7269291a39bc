package param

import (
	"strings"
	"unicode/utf8"
)

// Matcher is a prepared search text: GitLab looks for every word of three or more letters anywhere in a column. A
// search without such a word matches a column only as a whole.
type Matcher struct {
	whole string
	words []string
}

// NewMatcher parses a search text. Words inside double quotes stay together.
func NewMatcher(search string) Matcher {
	m := Matcher{whole: strings.Join(strings.Fields(strings.ToLower(search)), " ")}
	for i, part := range strings.Split(m.whole, `"`) {
		words := strings.Fields(part)
		if i%2 == 1 {
			words = []string{part}
		}
		for _, w := range words {
			if utf8.RuneCountInString(w) >= 3 {
				m.words = append(m.words, w)
			}
		}
	}
	return m
}

// Matches reports whether any one of the columns has all the words.
func (m Matcher) Matches(columns ...string) bool {
	if m.whole == "" {
		return true
	}
	for _, col := range columns {
		if m.matchesOne(strings.ToLower(col)) {
			return true
		}
	}
	return false
}

func (m Matcher) matchesOne(col string) bool {
	if len(m.words) == 0 {
		return col == m.whole
	}
	for _, w := range m.words {
		if !strings.Contains(col, w) {
			return false
		}
	}
	return true
}
