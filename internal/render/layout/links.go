package layout

import (
	"html"
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

var linkPatterns = sync.OnceValue(func() struct{ anchor, address *regexp.Regexp } {
	return struct{ anchor, address *regexp.Regexp }{
		anchor:  regexp.MustCompile(`(?s)<a href="(https?://[^"]*)"[^>]*>(.*?)</a>`),
		address: regexp.MustCompile(`(?m)(^|\| |: )(https?://[^\s|]+)( \||$)`),
	}
})

// OwnLinks returns an HTML page in which only the addresses that are ours are links; of all others the text stays.
func OwnLinks(page string, ours func(address string) bool) string {
	p := linkPatterns().anchor
	return p.ReplaceAllStringFunc(page, func(link string) string {
		m := p.FindStringSubmatch(link)
		if ours(html.UnescapeString(m[1])) {
			return link
		}
		return m[2]
	})
}

// OwnAddresses is [OwnLinks] for Markdown, in which GitLab makes a link of every address. It is for cells and values that are only an
// address.
func OwnAddresses(text string, ours func(address string) bool) string {
	p := linkPatterns().address
	return p.ReplaceAllStringFunc(text, func(found string) string {
		m := p.FindStringSubmatch(found)
		if ours(html.UnescapeString(strings.ReplaceAll(m[2], `\`, ""))) {
			return found
		}
		return m[1] + safetext.Unlinked(m[2]) + m[3]
	})
}
