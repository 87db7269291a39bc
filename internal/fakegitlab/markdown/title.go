package markdown

import (
	"html"
	"strings"
)

// CleanTitle is what GitLab stores of the title of a milestone or label: HTML
// tags are removed, entities decoded, and blanks cut from both ends. It is
// "a x" for "a <b>x</b>". A "<" that begins no tag stays.
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

// cutTag returns what follows the tag whose "<" stood before s. A tag that
// never ends takes the whole rest with it.
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
