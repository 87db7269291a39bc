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
var mentionPatterns = sync.OnceValue(func() struct{ mention, fence, comment, link, direct *regexp.Regexp } {
	return struct{ mention, fence, comment, link, direct *regexp.Regexp }{
		mention: regexp.MustCompile(`(^|[^\w\\])@([A-Za-z0-9_][\w.-]*(?:/[\w.-]+)*)`),
		fence:   regexp.MustCompile("^[ >]*(```+|~~~+)"),
		comment: regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`),
		link:    regexp.MustCompile(`\[[^\]\n]*\]\([^)\n]*\)`),
		direct:  regexp.MustCompile(`^\s*(?:@[A-Za-z0-9_][\w./-]*[\s,;:]*(?:and\s+)?)+`),
	}
})

// Mentions returns who is mentioned in a text, once each. Code, comments, the texts of links and what follows a
// backslash mention nobody; quotes do.
func Mentions(text string) []Mention {
	if !strings.Contains(text, "@") {
		return nil
	}
	direct := map[string]bool{}
	for _, name := range namesIn(mentionPatterns().direct.FindString(text)) {
		direct[name] = true
	}
	var all []Mention
	for _, name := range namesIn(withoutCode(text)) {
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

// withoutCode blanks what cannot have references: code, comments and the texts of links.
func withoutCode(text string) string {
	text = mentionPatterns().comment.ReplaceAllString(text, " ")
	var out strings.Builder
	fence, blank := "", true
	for line := range strings.SplitAfterSeq(text, "\n") {
		mark := ""
		if m := mentionPatterns().fence.FindStringSubmatch(line); m != nil {
			mark = m[1]
		}
		switch {
		case fence != "":
			if strings.HasPrefix(mark, fence) {
				fence = ""
			}
		case mark != "":
			fence = mark
		case blank && (strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")):
		default:
			out.WriteString(line)
			blank = strings.TrimSpace(line) == ""
		}
	}
	return mentionPatterns().link.ReplaceAllString(withoutSpans(out.String()), " ")
}

// withoutSpans removes inline code: what is between two runs of equally many backticks.
func withoutSpans(text string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "`")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		run := "`" + rest[:len(rest)-len(strings.TrimLeft(rest, "`"))]
		rest = strings.TrimLeft(rest, "`")
		if end := spanEnd(rest, run); end >= 0 {
			rest = " " + rest[end+len(run):]
		}
		text = rest
	}
}

// spanEnd finds the run of backticks that closes inline code, -1 if there is none.
func spanEnd(text, run string) int {
	for at := 0; at < len(text); {
		n := strings.Index(text[at:], run)
		if n < 0 {
			return -1
		}
		start := at + n
		end := start + len(run)
		for end < len(text) && text[end] == '`' {
			end++
		}
		if end-start == len(run) {
			return start
		}
		at = end
	}
	return -1
}
