package handoff

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// The headings of the parts in a file, as [Template] writes them. [ParseNote] also accepts other forms.
const (
	fileLeftOff = "## Left off"
	fileNext    = "## Next steps"
	fileIf      = "## Contingency"
)

// Template returns a file for editing a hand-off note. It starts with a comment that has the title of the issue and the previous note;
// [ParseNote] ignores that comment.
func Template(title string, previous Mark) string {
	comment := []string{title, "", "Write what the next shift needs to know. \"Left off\" and \"Next steps\" are required.",
		"Under \"Contingency\" write what to do if it gets worse; it may stay empty."}
	if previous.NoteID != 0 {
		comment = append(comment, "", account.Name(previous.By)+" wrote at "+previous.At.UTC().Format("2006-01-02 15:04 UTC")+":", "",
			"left off: "+previous.LeftOff, "", "next: "+previous.Next)
		if previous.If != "" {
			comment = append(comment, "", "contingency: "+previous.If)
		}
	}
	return "<!-- " + strings.ReplaceAll(strings.Join(comment, "\n"), "->", "- >") + "\n-->\n" +
		strings.Join([]string{fileLeftOff, fileNext, fileIf}, "\n\n\n") + "\n\n"
}

var (
	commentPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)\A\s*<!--.*?-->`) })
	fileHeads      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^## (Left off|Next steps|Contingency)[ \t]*$`) })
	headPattern    = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?im)^(?:#{1,6}[ \t]+|\*\*)?(left[ _-]off|next(?:[ _-]steps?)?|contingency)(?:\*\*)?:?(?:\*\*)?[ \t]*$`)
	})
)

// ParseNote reads the parts from a file, each under its heading, "Left off", "Next steps" and, if there is one, "Contingency", in any order
// and letter case and with or without Markdown. The first heading of each kind counts; later ones belong to the text. If the first two
// headings of [Template] are present as it writes them, nothing else is a heading, so that a line such as "Next:" is text.
func ParseNote(file string) (Texts, error) {
	file = commentPattern().ReplaceAllString(strings.ReplaceAll(strings.TrimPrefix(file, "\ufeff"), "\r", ""), "")
	const leftOff, next, contingency = 0, 1, 2
	var begin, end [3]int // of each part; end 0: none
	last := -1
	for _, m := range heads(file) {
		part := map[string]int{"l": leftOff, "n": next, "c": contingency}[strings.ToLower(file[m[2]:m[2]+1])]
		if end[part] != 0 {
			continue
		}
		if last >= 0 {
			end[last] = m[0]
		} else if strings.TrimSpace(file[:m[0]]) != "" {
			return Texts{}, errors.New("text before the first heading")
		}
		begin[part], end[part], last = m[1], len(file), part
	}
	if end[leftOff] == 0 || end[next] == 0 {
		return Texts{}, errors.New(`missing heading: both "` + fileLeftOff + `" and "` + fileNext + `" are required`)
	}
	text := func(part int) string { return strings.TrimSpace(file[begin[part]:end[part]]) }
	return Texts{text(leftOff), text(next), text(contingency)}, nil
}

// heads returns the positions of the lines that may be headings, and of their text. In a code block or a quote there are none.
func heads(file string) [][]int {
	file = safetext.WithoutClosedLiterals(file)
	both := map[string]bool{}
	all := fileHeads().FindAllStringSubmatchIndex(file, -1)
	for _, m := range all {
		both[file[m[2]:m[3]]] = true
	}
	if both["Left off"] && both["Next steps"] {
		return all
	}
	return headPattern().FindAllStringSubmatchIndex(file, -1)
}
