package issue

import (
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var datePrefix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(\d{4}-\d\d-\d\d): *`) })

// NormalTitle returns what titles of one thing have in common: without the date that the titles of incidents begin with, in one Unicode
// normal form, without invisible characters and differences of letter case and spaces.
func NormalTitle(title string) string {
	title = strings.Join(strings.Fields(strings.Map(visible, norm.NFKC.String(title))), " ")
	if m := datePrefix().FindStringSubmatch(title); m != nil && m[0] != title {
		if _, err := time.Parse(time.DateOnly, m[1]); err == nil {
			title = title[len(m[0]):]
		}
	}
	return norm.NFKC.String(strings.ToLower(title))
}

// visible drops characters such as the one that keeps a name from being a mention.
func visible(r rune) rune {
	if unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

// SameTitle reports whether two titles are of the same thing. One that was cut is compared up to the cut.
func SameTitle(a, b string) bool {
	a, aCut := uncut(a)
	b, bCut := uncut(b)
	a, b = NormalTitle(a), NormalTitle(b)
	return a == b || aCut && strings.HasPrefix(b, a) || bCut && strings.HasPrefix(a, b)
}

// uncut removes the mark of [Draft.Fitted], which drops spaces before it.
func uncut(title string) (text string, cut bool) {
	const spaces = 20
	text, cut = strings.CutSuffix(strings.TrimSpace(title), cutMark)
	if !cut || utf8.RuneCountInString(title) < MaxTitle-spaces {
		return title, false
	}
	return text, true
}
