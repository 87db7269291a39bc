package lint

import (
	"strings"
	"unicode"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// titles finds titles of confidential issues in texts. It looks up every run of three words of a text, so the time does not grow with the
// number of titles.
type titles struct {
	byStart map[string][]secret // by their first three words
}

type secret struct {
	words []string
	ref   issue.Ref
}

// start is the number of words that a title is found by. Shorter titles are not looked for: they are in many texts by chance.
const start = 3

// add adds the title of a confidential issue.
func (t *titles) add(i issue.Issue) {
	words := wordsOf(i.Title)
	if !i.Confidential || len(words) < start {
		return
	}
	if t.byStart == nil {
		t.byStart = map[string][]secret{}
	}
	key := strings.Join(words[:start], " ")
	t.byStart[key] = append(t.byStart[key], secret{words, i.Ref})
}

// quotedIn returns a confidential issue whose title is in the text. Letter case, punctuation and Markdown do not matter.
func (t *titles) quotedIn(text string) (issue.Ref, bool) {
	if len(t.byStart) == 0 {
		return issue.Ref{}, false
	}
	words := wordsOf(text)
	for n := 0; n+start <= len(words); n++ {
		for _, s := range t.byStart[strings.Join(words[n:n+start], " ")] {
			if hasPrefix(words[n:], s.words) {
				return s.ref, true
			}
		}
	}
	return issue.Ref{}, false
}

func hasPrefix(words, prefix []string) bool {
	if len(words) < len(prefix) {
		return false
	}
	for n, w := range prefix {
		if words[n] != w {
			return false
		}
	}
	return true
}

// wordsOf splits a text into lower case words of letters and digits, without the date that titles of incidents begin with.
func wordsOf(text string) []string {
	return strings.FieldsFunc(issue.NormalTitle(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
