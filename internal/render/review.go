package render

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Review is a configuration file and the files that it names, for somebody who is about to trust them.
type Review struct {
	Files   []ReviewedFile
	Unusual []string // what to look at
}

// ReviewedFile is one of these files. With a trusted content the difference is shown, otherwise all of it.
type ReviewedFile struct {
	Path    string
	Key     string // that names the file; empty: it is the configuration
	Note    string // instead of the content
	Content []byte
	Trusted []byte // what was trusted before
	Before  bool   // there is such a content
}

// Text returns the review, with what is unusual at the end, right above the question. No line of a file can pass for one of prodctl's own.
func (r Review) Text() string {
	var b strings.Builder
	for _, f := range r.Files {
		f.write(&b)
	}
	if len(r.Unusual) > 0 {
		b.WriteString("Unusual, please check:\n")
	}
	for _, mark := range r.Unusual {
		fmt.Fprintf(&b, "  ! %s\n", sanitize.Line(mark))
	}
	return b.String()
}

func (f ReviewedFile) write(b *strings.Builder) {
	b.WriteString(sanitize.Line(f.Path))
	if f.Key != "" {
		b.WriteString(" (" + f.Key + ")")
	}
	same := f.Before && bytes.Equal(f.Content, f.Trusted)
	switch {
	case f.Note != "":
		b.WriteString(": " + f.Note + "\n\n")
		return
	case same:
		b.WriteString(": unchanged\n\n")
		return
	}
	b.WriteString("\n")
	shown := linesOf(f.Content)
	for n, line := range shown {
		shown[n] = "  " + line
	}
	if f.Before {
		shown = changedLines(linesOf(f.Trusted), linesOf(f.Content))
	}
	for _, line := range shown {
		b.WriteString("  |" + line + "\n")
	}
	b.WriteString("\n")
}

func linesOf(data []byte) []string {
	text := strings.TrimSuffix(sanitize.Text(string(data)), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// around is how many unchanged lines are shown before and after a changed one.
const around = 2

// changedLines returns the lines that differ, with - and +, and those around them.
func changedLines(before, after []string) []string {
	all := diff(before, after)
	var out []string
	skipped := false
	for n, line := range all {
		near := all[max(0, n-around):min(len(all), n+around+1)]
		if !slices.ContainsFunc(near, func(l string) bool { return l[0] != ' ' }) {
			skipped = true
			continue
		}
		if skipped {
			out = append(out, "  ...")
		}
		skipped = false
		out = append(out, line)
	}
	return out
}

// maxTable bounds the memory of diff. A larger change is shown as all old lines and all new ones.
const maxTable = 4 << 20

// diff returns the lines of both texts, with "- ", "+ " or blanks before them.
func diff(before, after []string) []string {
	head, tail := 0, 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	out := marked(nil, "  ", before[:head])
	out = append(out, middle(before[head:len(before)-tail], after[head:len(after)-tail])...)
	return marked(out, "  ", before[len(before)-tail:])
}

func marked(out []string, mark string, lines []string) []string {
	for _, line := range lines {
		out = append(out, mark+line)
	}
	return out
}

// middle is diff by the longest common subsequence.
func middle(before, after []string) []string {
	if (len(before)+1)*(len(after)+1) > maxTable {
		return marked(marked(nil, "- ", before), "+ ", after)
	}
	common := make([][]int32, len(before)+1)
	for i := range common {
		common[i] = make([]int32, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if before[i] == after[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	var out []string
	for i, j := 0, 0; i < len(before) || j < len(after); {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			out = append(out, "  "+before[i])
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && common[i+1][j] >= common[i][j+1]:
			out = append(out, "- "+before[i])
			i++
		default:
			out = append(out, "+ "+after[j])
			j++
		}
	}
	return out
}
