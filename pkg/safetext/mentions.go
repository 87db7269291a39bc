package safetext

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

var mentionPatterns = sync.OnceValue(func() struct{ comment, link, entity, name *regexp.Regexp } {
	return struct{ comment, link, entity, name *regexp.Regexp }{
		comment: regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`),
		link:    regexp.MustCompile(`\[[^\[\]\n]*\]\([^()\s]*\)|https?://[^\s<>]+`),
		entity:  regexp.MustCompile(`&(?:#0*64|#[xX]0*40|commat);`),
		name:    regexp.MustCompile(`(^|[^A-Za-z0-9_\\])@([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*)`),
	}
})

// Mentions returns the users and groups that a text in Markdown mentions, without @ and each once. Code, comments, links and what follows a
// backslash mention nobody; quotes do.
func Mentions(text string) []string {
	if !strings.ContainsAny(text, "@&") {
		return nil
	}
	p := mentionPatterns()
	text = p.comment.ReplaceAllString(withoutBlocks(text), " ")
	text = p.entity.ReplaceAllString(p.link.ReplaceAllString(withoutSpans(text), " "), "@")
	var names []string
	for _, m := range p.name.FindAllStringSubmatch(text, -1) {
		name := strings.TrimRight(m[2], ".-")
		if !slices.ContainsFunc(names, func(other string) bool { return strings.EqualFold(other, name) }) {
			names = append(names, name)
		}
	}
	return names
}

// withoutBlocks returns a text without its code blocks.
func withoutBlocks(text string) string {
	var b blocks
	var kept []string
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r", ""), "\n") {
		switch b.scan(line).kind {
		case fenceLine, codeLine, indentedLine:
			kept = append(kept, "")
		default:
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// withoutSpans returns a text without its inline code, which ends in the paragraph in which it begins.
func withoutSpans(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for n, p := range paragraphs {
		var out strings.Builder
		for {
			at := strings.IndexByte(p, '`')
			if at < 0 {
				break
			}
			run := len(p[at:]) - len(strings.TrimLeft(p[at:], "`"))
			out.WriteString(p[:at])
			if span := codeSpan(p[at:], run); span > 0 {
				out.WriteByte(' ')
				p = p[at+span:]
				continue
			}
			out.WriteString(p[at : at+run])
			p = p[at+run:]
		}
		paragraphs[n] = out.String() + p
	}
	return strings.Join(paragraphs, "\n\n")
}
