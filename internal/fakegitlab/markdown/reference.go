package markdown

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Reference is a reference to an issue (#1) or a merge request (!1), perhaps of another project.
type Reference struct {
	Text    string
	Project string // the path before the sign, "" for the project of the text
	Sign    byte   // # or !
	Number  int
}

var referencePatterns = sync.OnceValue(func() struct{ reference, address, comment, other *regexp.Regexp } {
	return struct{ reference, address, comment, other *regexp.Regexp }{
		address:   regexp.MustCompile(`https?://[^/\s]+/([\w.-]+(?:/[\w.-]+)+)/-/(issues|work_items|merge_requests)/(\d{1,18})`),
		comment:   regexp.MustCompile(`(?s)<!--.*?(?:-->|$)`),
		reference: regexp.MustCompile(`((?:[\w.-]+/)*[\w.-]*)([#!])(\d{1,18})`),
		other:     regexp.MustCompile(`(?s)<!--.*?(?:-->|$)|\[[^\]\n]*\]\([^)\n]*\)|\w+://\S+`),
	}
})

// References returns the references in a text, the short ones before the addresses of issues and merge requests.
func References(text string) []Reference {
	var all []Reference
	ReplaceReferences(text, func(r Reference) string {
		all = append(all, r)
		return r.Text
	})
	if !strings.Contains(text, "/-/") {
		return all
	}
	hidden := literal(text, referencePatterns().comment, blockKind.code)
	for _, at := range referencePatterns().address.FindAllStringSubmatchIndex(text, -1) {
		if hidden[at[0]] || at[1] < len(text) && text[at[1]] >= '0' && text[at[1]] <= '9' {
			continue
		}
		sign := byte('#')
		if text[at[4]:at[5]] == "merge_requests" {
			sign = '!'
		}
		number, _ := strconv.Atoi(text[at[6]:at[7]])
		all = append(all, Reference{text[at[0]:at[1]], text[at[2]:at[3]], sign, number})
	}
	return all
}

// ReplaceReferences replaces the references in a text that are links when it is shown: not those in code, comments,
// links and addresses, and none after a backslash.
func ReplaceReferences(text string, replace func(Reference) string) string {
	if !strings.ContainsAny(text, "#!") {
		return text
	}
	hidden := literal(text, referencePatterns().other, blockKind.verbatim)
	var out strings.Builder
	done := 0
	for _, at := range referencePatterns().reference.FindAllStringSubmatchIndex(text, -1) {
		start, end := at[0], at[1]
		if hidden[at[4]] || !standsAlone(text, start, end) {
			continue
		}
		number, _ := strconv.Atoi(text[at[6]:at[7]])
		out.WriteString(text[done:start])
		out.WriteString(replace(Reference{text[start:end], text[at[2]:at[3]], text[at[4]], number}))
		done = end
	}
	return out.String() + text[done:]
}

// standsAlone reports whether no letter, digit or sign is attached to a part of a text.
func standsAlone(text string, start, end int) bool {
	before, after := byte(' '), byte(' ')
	if start > 0 {
		before = text[start-1]
	}
	if end < len(text) {
		after = text[end]
	}
	attached := func(b byte) bool { return b >= 0x80 || b == '_' || isLetter(b) || '0' <= b && b <= '9' }
	return !attached(before) && !strings.ContainsRune(`\/#!&@`, rune(before)) && !attached(after)
}

// literal marks the bytes of a text that are shown as they are or not at all: code, blocks of the kinds that shown names,
// and what matches other.
func literal(text string, other *regexp.Regexp, shown func(blockKind) bool) []bool {
	hidden := make([]bool, len(text))
	hide := func(start, end int) {
		for n := start; n < end; n++ {
			hidden[n] = true
		}
	}
	lines := strings.SplitAfter(text, "\n")
	d, start := blockParser{}, 0
	for n, line := range lines {
		d.line(n, strings.TrimSuffix(line, "\n"))
		if tip := d.tip(); tip != nil && shown(tip.kind) {
			hide(start, start+len(line))
		}
		start += len(line)
	}
	for _, at := range other.FindAllStringIndex(text, -1) {
		hide(at[0], at[1])
	}
	hideSpans(text, hidden, hide)
	return hidden
}

// code reports whether the text of a block is shown as it is.
func (k blockKind) code() bool { return k == fencedCode || k == indentedCode }

// verbatim reports whether the text of a block is anything but Markdown.
func (k blockKind) verbatim() bool { return k.code() || k == htmlBlock || k == htmlUntilBlank }

// hideSpans hides inline code: what is between two runs of equally many backticks in one paragraph.
func hideSpans(text string, hidden []bool, hide func(start, end int)) {
	for at := 0; at < len(text); at++ {
		if text[at] != '`' || hidden[at] || at > 0 && text[at-1] == '\\' {
			continue
		}
		run := backticks(text[at:])
		end := closingRun(text, at+run, run)
		if end > 0 {
			hide(at, end)
			at = end - 1
		} else {
			at += run - 1
		}
	}
}

func backticks(text string) int { return len(text) - len(strings.TrimLeft(text, "`")) }

// closingRun returns the end of the next run of n backticks before the end of the paragraph, 0 if there is none.
func closingRun(text string, from, n int) int {
	paragraph := len(text)
	if blank := strings.Index(text[from:], "\n\n"); blank >= 0 {
		paragraph = from + blank
	}
	for at := from; at < paragraph; at++ {
		if text[at] != '`' {
			continue
		}
		run := backticks(text[at:])
		if run == n {
			return at + run
		}
		at += run - 1
	}
	return 0
}
