package fulltext

import "strings"

// What GitLab removes from a text before it is cut into words, because PostgreSQL cannot keep it: runs of letters that are
// not words, such as encoded files.
const (
	maxText       = 1 << 20 // characters
	longWithAt    = 500     // letters, digits and @
	longEncoded   = 50      // letters, digits, + and /
	manyOfEncoded = 50      // only if there are more than these
)

// prepare returns the text whose words are searched: in ASCII, with the content of tags as text.
func prepare(text string) string {
	text = blankRuns(text, longWithAt, func(c byte) bool { return isAlnum(c) || c == '@' })
	encoded := func(c byte) bool { return isAlnum(c) || c == '+' || c == '/' }
	if countRuns(text, longEncoded, encoded) > manyOfEncoded {
		text = blankRuns(text, longEncoded, encoded)
	}
	text = Fold(cut(text, maxText))
	return openTags(text)
}

func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for at := range text {
		if most--; most < 0 {
			return text[:at]
		}
	}
	return text
}

// eachRun yields where the runs of a class that are long enough begin and end.
func eachRun(text string, least int, class func(c byte) bool, yield func(from, to int)) {
	from := 0
	for i := range len(text) {
		if class(text[i]) {
			continue
		}
		if i-from >= least {
			yield(from, i)
		}
		from = i + 1
	}
	if len(text)-from >= least {
		yield(from, len(text))
	}
}

func countRuns(text string, least int, class func(c byte) bool) int {
	n := 0
	eachRun(text, least, class, func(int, int) { n++ })
	return n
}

// blankRuns replaces the long runs of a class by blanks.
func blankRuns(text string, least int, class func(c byte) bool) string {
	var b strings.Builder
	done := 0
	eachRun(text, least, class, func(from, to int) {
		b.WriteString(text[done:from])
		b.WriteByte(' ')
		done = to
	})
	if done == 0 {
		return text
	}
	return b.String() + text[done:]
}

// openTags replaces the brackets of tags and comments by blanks, so that what is in them is found.
func openTags(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	var b strings.Builder
	for {
		from := strings.IndexByte(text, '<')
		if from < 0 {
			return b.String() + text
		}
		length := strings.IndexByte(text[from+1:], '>')
		if length < 0 {
			return b.String() + text
		}
		inner := text[from+1 : from+1+length]
		if inner == "" {
			b.WriteString(text[:from+1])
			text = text[from+1:]
			continue
		}
		b.WriteString(text[:from] + " ")
		if len(inner) > 1 {
			inner = strings.TrimPrefix(inner, "/")
		}
		b.WriteString(inner + " ")
		text = text[from+2+length:]
	}
}
