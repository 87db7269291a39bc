// Package fulltext finds issues by the words of a search, as GitLab does with PostgreSQL's full text search. Start with
// Parse and Query.
//
// A text is cut into tokens by the rules of PostgreSQL's default parser (package file scanner.go), and each token
// becomes a word of the English configuration: lower case, without stop words, stemmed if it is a plain word. A search
// asks for the beginnings of words, all of which must occur; words in double quotes must follow each other and are
// compared whole. A search with characters of other scripts looks for substrings instead: see Substring.
//
// The package is pure and imports nothing of the instance.
package fulltext

import (
	"errors"
	"slices"
	"strings"
)

// ErrSyntax is the error for a search that PostgreSQL refuses, which GitLab does not expect.
var ErrSyntax = errors.New("syntax error in tsquery")

// Query is a parsed search. It has buffers, so it must not be used by two goroutines at once.
type Query struct {
	substring          *substringQuery // for a search that is not full text
	title, description bool
	terms              []term
	found              []positions // for each word of the terms, in order
}

// term is one part of a search: any of its phrases must occur.
type term []phrase

// phrase is a sequence of words.
type phrase []word

// word is a word of a search.
type word struct {
	text   string
	prefix bool // longer words that begin with it match, too
	gap    int  // distance to the word before, in words
	slot   int  // index in Query.found
}

// positions are where a word was found in a text, ascending.
type positions []int

// Parse reads a search. In names the columns, title and description, separated by commas; other names are ignored, and
// without a valid one both columns are searched.
func Parse(search, in string) (*Query, error) {
	q := &Query{}
	for name := range strings.SplitSeq(in, ",") {
		q.title = q.title || name == "title"
		q.description = q.description || name == "description"
	}
	if !q.title && !q.description {
		q.title, q.description = true, true
	}
	if !onlyLatin(search) {
		q.substring = newSubstringQuery(search)
		return q, nil
	}
	return q, q.parse(search)
}

func (q *Query) parse(search string) error {
	parts := Terms(Fold(search))
	for _, part := range parts {
		t, err := newTerm(part)
		if err != nil {
			return err
		}
		if len(t) == 0 && len(parts) > 1 && strings.TrimSpace(part) == "" {
			return ErrSyntax
		}
		if len(t) > 0 {
			q.add(t)
		}
	}
	return nil
}

// add numbers the words of a term.
func (q *Query) add(t term) {
	for _, p := range t {
		for i := range p {
			p[i].slot = len(q.found)
			q.found = append(q.found, nil)
		}
	}
	q.terms = append(q.terms, t)
}

// newTerm returns a term without phrases if the text has no words or only stop words.
func newTerm(text string) (term, error) {
	words := strings.FieldsFunc(text, isSpaceRune)
	switch {
	case len(words) == 0:
		return nil, nil
	case len(words) > 1 || words[0] != text:
		p, err := newPhrase(words, false)
		return asTerm(p), err
	case strings.Trim(text, "0123456789") == "": // also the number behind a hyphen, which is a negative number
		return term{wordsOf(text, true), wordsOf("-"+text, true)}, nil
	}
	p, err := newPhrase(words, true)
	return asTerm(p), err
}

func asTerm(p phrase) term {
	if len(p) == 0 {
		return nil
	}
	return term{p}
}

// newPhrase joins the words of texts that follow each other. A stop word between two words leaves a gap.
func newPhrase(texts []string, prefix bool) (phrase, error) {
	var all phrase
	gap := 1
	for _, text := range texts {
		plain, ok := unescape(text)
		if !ok {
			return nil, ErrSyntax
		}
		words := wordsOf(plain, prefix)
		if len(words) == 0 {
			gap++
			continue
		}
		words[0].gap = gap
		all, gap = append(all, words...), 1
	}
	return all, nil
}

// unescape removes the backslashes of a quoted word. A backslash at its end escapes the closing quote.
func unescape(text string) (string, bool) {
	if !strings.Contains(text, `\`) {
		return text, true
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' {
			if i++; i == len(text) {
				return "", false
			}
		}
		b.WriteByte(text[i])
	}
	return b.String(), true
}

// wordsOf returns the words of a text in order, with the distances between them.
func wordsOf(text string, prefix bool) phrase {
	var all phrase
	last := 0
	eachLexeme(text, func(_ kind, token string, at int) bool { return true }, func(lexeme string, at int) {
		all = append(all, word{text: lexeme, prefix: prefix, gap: at - last})
		last = at
	})
	return all
}

// Matches reports whether an issue with these texts is found.
func (q *Query) Matches(title, description string) bool {
	if q.substring != nil {
		return q.substring.matches(q, title, description)
	}
	if len(q.terms) == 0 || !q.mayMatch(title, description) {
		return false
	}
	for i := range q.found {
		q.found[i] = q.found[i][:0]
	}
	end := 0
	if q.title || q.description {
		end = q.look(title, 0, q.title)
	}
	if q.description {
		q.look(description, end, true)
	}
	return !slices.ContainsFunc(q.terms, func(t term) bool { return !q.holds(t) })
}

// look records where the words of the query are in a text, which begins at a position, and returns the last position.
func (q *Query) look(text string, start int, wanted bool) int {
	end := start
	wants := func(k kind, token string, at int) bool {
		end = start + at
		return wanted && q.wants(k, token)
	}
	eachLexeme(prepare(text), wants, func(lexeme string, at int) {
		for _, t := range q.terms {
			for _, p := range t {
				for _, w := range p {
					if w.text == lexeme || w.prefix && strings.HasPrefix(lexeme, w.text) {
						q.found[w.slot] = append(q.found[w.slot], min(start+at, maxPosition))
					}
				}
			}
		}
	})
	return min(end, maxPosition)
}

// maxPosition is the last position that PostgreSQL tells from the others.
const maxPosition = 1<<14 - 1

// wants reports whether a token can become one of the query's words.
func (q *Query) wants(k kind, token string) bool {
	for _, t := range q.terms {
		for _, p := range t {
			for _, w := range p {
				key := w.key()
				if len(token) >= len(key) && strings.EqualFold(token[:len(key)], key) {
					return true
				}
			}
		}
	}
	return false
}

// key is a beginning that the token of the word has as well: a stem can differ from its token in the last letters.
func (w word) key() string { return w.text[:max(len(w.text)-2, 0)] }

// mayMatch reports whether the texts have all the letters that the words need. It is quick, and it is right if false.
func (q *Query) mayMatch(title, description string) bool {
	if !isASCII(title) || !isASCII(description) {
		return true
	}
	for _, t := range q.terms {
		if !slices.ContainsFunc(t, func(p phrase) bool { return p.mayMatch(title, description) }) {
			return false
		}
	}
	return true
}

func (p phrase) mayMatch(title, description string) bool {
	for _, w := range p {
		if key := w.key(); !containsFold(title, key) && !containsFold(description, key) {
			return false
		}
	}
	return true
}

// holds reports whether one of the term's phrases was found.
func (q *Query) holds(t term) bool {
	return slices.ContainsFunc(t, func(p phrase) bool {
		ends := q.found[p[0].slot]
		for _, w := range p[1:] {
			ends = follow(ends, q.found[w.slot], w.gap)
		}
		return len(ends) > 0
	})
}

// follow returns those of the later positions that are at a distance behind one of the earlier.
func follow(earlier, later positions, gap int) positions {
	var both positions
	for _, at := range later {
		if slices.Contains(earlier, at-gap) {
			both = append(both, at)
		}
	}
	return both
}
