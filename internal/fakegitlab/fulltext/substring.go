package fulltext

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Substring is the search of GitLab's lists without full text, those of milestones and labels: it looks for every word of
// three or more letters anywhere in a column. A search without such a word matches a column only as a whole.
type Substring struct {
	whole string
	words []string
}

// NewSubstring parses a search.
func NewSubstring(search string) Substring {
	m := Substring{whole: strings.Join(strings.Fields(strings.ToLower(search)), " ")}
	for _, w := range Terms(m.whole) {
		if utf8.RuneCountInString(w) >= 3 {
			m.words = append(m.words, w)
		}
	}
	return m
}

// Matches reports whether any one of the columns has all the words.
func (m Substring) Matches(columns ...string) bool {
	return m.whole == "" || slices.ContainsFunc(columns, m.matchesOne)
}

func (m Substring) matchesOne(column string) bool {
	column = strings.ToLower(column)
	if len(m.words) == 0 {
		return column == m.whole
	}
	return !slices.ContainsFunc(m.words, func(w string) bool { return !strings.Contains(column, w) })
}

// substringQuery is a search with characters that the words of full text do not have. It finds only issues that have
// such characters as well.
type substringQuery struct{ Substring }

func newSubstringQuery(search string) *substringQuery { return &substringQuery{NewSubstring(search)} }

func (s *substringQuery) matches(q *Query, title, description string) bool {
	if onlyLatin(title) && onlyLatin(description) {
		return false
	}
	return q.title && s.Matches(title) || q.description && s.Matches(description)
}

// onlyLatin reports whether a text has only Latin letters and common symbols, for which full text is used.
func onlyLatin(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return r > 0x02ff && (r < 0x1e00 || r > 0x1eff) && (r < 0x2070 || r > 0x218f)
	}) < 0
}
