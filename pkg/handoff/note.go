package handoff

import (
	"errors"
	"regexp"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// The headings of the two parts in a file, as [Template] writes them. [ParseNote] also accepts other forms.
const (
	fileLeftOff = "## Left off"
	fileNext    = "## Next steps"
)

// Template returns a file for editing a hand-off note. It starts with a comment that has the title of the issue and the previous note;
// [ParseNote] ignores that comment.
func Template(title string, previous Mark) string {
	comment := []string{title, "", "Write what the next shift needs to know under both headings. If one is empty, nothing is changed."}
	if previous.NoteID != 0 {
		comment = append(comment, "", account.Name(previous.By)+" wrote at "+previous.At.UTC().Format("2006-01-02 15:04 UTC")+":", "",
			"left off: "+previous.LeftOff, "", "next: "+previous.Next)
	}
	return "<!-- " + strings.ReplaceAll(strings.Join(comment, "\n"), "->", "- >") + "\n-->\n" + fileLeftOff + "\n\n\n" + fileNext + "\n\n"
}

var (
	commentPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)\A\s*<!--.*?-->`) })
	fileHeads      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^## (Left off|Next steps)[ \t]*$`) })
	headPattern    = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?im)^(?:#{1,6}[ \t]+|\*\*)?(left[ _-]off|next(?:[ _-]steps?)?)(?:\*\*)?:?(?:\*\*)?[ \t]*$`)
	})
)

// ParseNote reads the two parts from a file, each under its heading, "Left off" and "Next steps", in any letter case and with or without
// Markdown. The first heading of each kind counts; later ones belong to the text. If both headings of [Template] are present, nothing else
// is a heading, so that a line such as "Next:" is text.
func ParseNote(file string) (leftOff, next string, err error) {
	file = commentPattern().ReplaceAllString(strings.ReplaceAll(strings.TrimPrefix(file, "\ufeff"), "\r", ""), "")
	var begin, end [2]int // of each part, by kind; 0: none
	var order []int
	for _, m := range heads(file) {
		kind := 0
		if strings.EqualFold(file[m[2]:m[2]+1], "n") {
			kind = 1
		}
		if end[kind] == 0 {
			begin[kind], end[kind] = m[1], len(file)
			if len(order) > 0 {
				end[order[0]] = m[0]
			} else if strings.TrimSpace(file[:m[0]]) != "" {
				return "", "", errors.New("text before the first heading")
			}
			order = append(order, kind)
		}
	}
	if len(order) < 2 {
		return "", "", errors.New(`missing heading: both "` + fileLeftOff + `" and "` + fileNext + `" are required`)
	}
	return strings.TrimSpace(file[begin[0]:end[0]]), strings.TrimSpace(file[begin[1]:end[1]]), nil
}

// heads returns the positions of the lines that may be headings, and of their text. In a code block or a quote there are none.
func heads(file string) [][]int {
	file = safetext.WithoutClosedLiterals(file)
	both := map[string]bool{}
	all := fileHeads().FindAllStringSubmatchIndex(file, -1)
	for _, m := range all {
		both[file[m[2]:m[3]]] = true
	}
	if len(both) == 2 {
		return all
	}
	return headPattern().FindAllStringSubmatchIndex(file, -1)
}
