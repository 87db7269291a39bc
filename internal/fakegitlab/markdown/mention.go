package markdown

import (
	"regexp"
	"strings"
	"sync"
)

// Mention is a user name or the path of a group after an @ in a text.
type Mention struct {
	Name string
	// Direct is true for the mentions with which the text begins.
	Direct bool
}

// mentionPatterns are compiled on first use.
var mentionPatterns = sync.OnceValue(func() struct{ mention, entity, direct *regexp.Regexp } {
	return struct{ mention, entity, direct *regexp.Regexp }{
		mention: regexp.MustCompile(`(^|[^\w\\])@([A-Za-z0-9_][\w.-]*(?:/[\w.-]+)*)`),
		entity:  regexp.MustCompile(`(^|[^\\])&(?:#0*64|#[xX]0*40|commat);`),
		direct:  regexp.MustCompile(`^\s*(?:@[A-Za-z0-9_][\w./-]*[\s,;:]*(?:and\s+)?)+`),
	}
})

// Mentions returns who is mentioned in a text, once each. Code, comments, links and what follows a backslash
// mention nobody; quotes do.
func Mentions(text string) []Mention {
	if !strings.ContainsAny(text, "@&") {
		return nil
	}
	direct := map[string]bool{}
	for _, name := range namesIn(mentionPatterns().direct.FindString(text)) {
		direct[name] = true
	}
	var all []Mention
	for _, name := range namesIn(prose(text)) {
		all = append(all, Mention{Name: name, Direct: direct[name]})
	}
	return all
}

// namesIn returns the names after an @, once each in any letter case.
func namesIn(text string) []string {
	var all []string
	known := map[string]bool{}
	for _, m := range mentionPatterns().mention.FindAllStringSubmatch(text, -1) {
		name := strings.TrimRight(m[2], ".-")
		if lower := strings.ToLower(name); !known[lower] {
			known[lower] = true
			all = append(all, name)
		}
	}
	return all
}

// prose returns a text without what cannot mention anybody: code, comments, links and addresses. An @ that is written as
// an entity is one.
func prose(text string) string {
	hidden := literal(text, referencePatterns().other, blockKind.code)
	var out strings.Builder
	for n := range len(text) {
		switch {
		case !hidden[n]:
			out.WriteByte(text[n])
		case n == 0 || !hidden[n-1]:
			out.WriteByte(' ')
		}
	}
	return mentionPatterns().entity.ReplaceAllString(out.String(), "${1}@")
}
