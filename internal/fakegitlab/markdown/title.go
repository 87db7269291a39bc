package markdown

import (
	"html"
	"strings"
)

// CleanTitle returns the title of a milestone or label as GitLab stores it: HTML tags are removed, entities decoded,
// and spaces trimmed. It returns "a x" for "a <b>x</b>". A "<" that begins no tag stays.
func CleanTitle(title string) string {
	var out strings.Builder
	for {
		text, tag, ok := strings.Cut(title, "<")
		out.WriteString(text)
		if !ok {
			break
		}
		rest, isTag := cutTag(tag)
		if !isTag {
			out.WriteString("&lt;")
		}
		title = rest
	}
	return strings.TrimSpace(html.UnescapeString(out.String()))
}

// cutTag returns the text after the tag whose "<" is just before s. A tag that never ends takes the whole rest with
// it.
func cutTag(s string) (rest string, isTag bool) {
	name := strings.TrimPrefix(s, "/")
	switch {
	case strings.HasPrefix(s, "!--"):
		_, rest, _ = strings.Cut(s, "-->")
	case strings.HasPrefix(s, "!"), strings.HasPrefix(s, "?"), name != "" && isLetter(name[0]):
		_, rest, _ = strings.Cut(s, ">")
	default:
		return s, false
	}
	return rest, true
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
