package handoff

import (
	"errors"
	"regexp"
	"strings"
	"sync"
)

// The heads over the two texts in a file, as [Template] writes them. [ParseWords] takes others for them too.
const (
	fileLeftOff = "## Left off"
	fileNext    = "## Next steps"
)

// Template is a file to write the words of a mark into. Above its heads stands a remark with the title of the issue and what was said
// before, which [ParseWords] leaves out.
func Template(title string, before Mark) string {
	remark := []string{title, "", "Say under both heads what the next shift has to know. Nothing is done while one of them is empty."}
	if before.NoteID != 0 {
		remark = append(remark, "", "@"+before.By+" said on "+before.At.UTC().Format("2006-01-02 15:04 UTC")+":", "",
			"left off: "+before.LeftOff, "", "next: "+before.Next)
	}
	return "<!-- " + strings.ReplaceAll(strings.Join(remark, "\n"), "->", "- >") + "\n-->\n" + fileLeftOff + "\n\n\n" + fileNext + "\n\n"
}

var (
	remarkPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?s)\A\s*<!--.*?-->`) })
	fileHeads     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^## (Left off|Next steps)[ \t]*$`) })
	headPattern   = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?im)^(?:#{1,6}[ \t]+|\*\*)?(left[ _-]off|next(?:[ _-]steps?)?)(?:\*\*)?:?(?:\*\*)?[ \t]*$`)
	})
)

// ParseWords reads the two texts from a file: each stands under its head, "Left off" and "Next steps",
// in any case and with or without the marks of a heading. Of several heads of one kind the first counts, the others belong to the text.
// Where the heads of [Template] are there, nothing else is one, so that a line such as "Next:" under them is text.
func ParseNote(file string) (leftOff, next string, err error) {
	file = remarkPattern().ReplaceAllString(strings.ReplaceAll(strings.TrimPrefix(file, "\ufeff"), "\r", ""), "")
	var begin, end [2]int // of each text, by its kind; 0: there is none
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
				return "", "", errors.New("words stand before the first head")
			}
			order = append(order, kind)
		}
	}
	if len(order) < 2 {
		return "", "", errors.New(`it has not both heads, "` + fileLeftOff + `" and "` + fileNext + `"`)
	}
	return strings.TrimSpace(file[begin[0]:end[0]]), strings.TrimSpace(file[begin[1]:end[1]]), nil
}

// heads are where the lines that may be heads are, and the words that tell which.
func heads(file string) [][]int {
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
