// Package quickaction finds and runs the quick actions in a text: /close, /label ~a. Start with Extract, which only
// reads, and Run. Each action is a method in the file of what it changes; actionTable in run.go lists them.
package quickaction

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Command is a quick action found in a text: its canonical name and the rest of the line.
type Command struct{ name, arg string }

// trailingSpace are trimmed from the end of every text.
const trailingSpace = "\t\n\v\f\r \x00"

// dictionary is the set of names that an edition recognizes, of any kind of object, with a pattern for them. The line
// of a recognized name is removed from the text whether or not the action can run.
type dictionary struct {
	canonical map[string]string // by name or alias
	pattern   *regexp.Regexp
}

var (
	communityNames  = sync.OnceValue(func() dictionary { return newDictionary(nameTable) })
	enterpriseNames = sync.OnceValue(func() dictionary { return newDictionary(nameTable + " " + enterpriseTable) })
)

// namesOf returns the names that an edition recognizes. Others stay in the text.
func namesOf(e store.Edition) dictionary {
	if e.Enterprise() {
		return enterpriseNames()
	}
	return communityNames()
}

func newDictionary(table string) dictionary {
	names := map[string]string{}
	for word := range strings.FieldsSeq(table) {
		name, aliases, _ := strings.Cut(word, "=")
		names[name] = name
		for alias := range strings.SplitSeq(aliases, ",") {
			if alias != "" {
				names[alias] = name
			}
		}
	}
	return dictionary{names, commandPattern(slices.Sorted(maps.Keys(names)))}
}

// nameTable has words of the form "name" or "name=alias,alias". /cc is not among them: it does nothing and stays.
const nameTable = `
	add_child add_contacts add_email=add_email,invite_email approve assign assign_reviewer=assign_reviewer,reviewer,request_review
	award=award,react board_move clone close confidential
	convert_to_ticket copy_metadata create_merge_request done draft=draft,wip due duplicate
	estimate=estimate,estimate_time label=label,labels lock merge milestone move
	promote_to promote_to_incident ready rebase relabel relate remove_child
	remove_contacts remove_due_date remove_email remove_estimate=remove_estimate,remove_time_estimate
	remove_milestone remove_parent remove_time_spent remove_zoom reopen set_parent severity
	spend=spend,spent,spend_time submit_review subscribe tag target_branch timeline title todo type unapprove unassign
	unassign_reviewer=unassign_reviewer,remove_reviewer unlabel=unlabel,remove_label unlink unlock unsubscribe zoom`

// enterpriseTable has the names that the Community Edition lacks, in the form of nameTable.
const enterpriseTable = `
	blocked_by blocks child_epic clear_health_status clear_weight epic health_status iteration link page parent_epic promote
	publish reassign reassign_reviewer remove_child_epic remove_epic remove_iteration remove_parent_epic weight`

// substitution returns the picture of actions that do nothing else: it takes the place of their line, with its
// argument.
func substitution(name string) string {
	switch name {
	case "shrug":
		return "¯\\＿(ツ)＿/¯"
	case "tableflip":
		return "(╯°□°)╯︵ ┻━┻"
	}
	return ""
}

// commandPattern finds, in the source of a paragraph, either something that shields its content (a code span, an
// HTML element on its own lines) or a command line. Blanks and empty lines after a command belong to it.
func commandPattern(names []string) *regexp.Regexp {
	return regexp.MustCompile("(?ims)`.[^`]*`" +
		`|^<[^>]+>\n.+?\n</[^>]+>$` +
		`|^/(?P<name>` + strings.Join(append(names, "shrug", "tableflip"), "|") + `)(?: (?P<arg>[^\n]*))?(?:[\s\v]*\n|$)`)
}

// Extract removes the quick actions from a text that arrives through the API: it deletes every carriage return,
// parses the Markdown, and removes each command line in top-level paragraphs. The remaining text has no trailing
// white space.
//
// Extract is pure; the caller runs the commands.
func Extract(text string, e store.Edition) (rest string, found []Command) {
	text = strings.ReplaceAll(text, "\r", "")
	if !hasSlashLine(text) {
		return strings.TrimRight(text, trailingSpace), nil
	}
	lines := strings.SplitAfter(text, "\n")
	var out strings.Builder
	next := 0
	for _, p := range markdown.Paragraphs(lines) {
		end := p.End
		if end < len(lines) && lines[end] == "\n" {
			end++ // the empty line after the paragraph goes with a command before it
		}
		for _, line := range lines[next:p.Start] {
			out.WriteString(line)
		}
		kept, commands := scanParagraph(strings.Join(lines[p.Start:end], ""), namesOf(e))
		out.WriteString(kept)
		found = append(found, commands...)
		next = end
	}
	for _, line := range lines[next:] {
		out.WriteString(line)
	}
	return strings.TrimRight(out.String(), trailingSpace), found
}

func hasSlashLine(text string) bool {
	return strings.HasPrefix(text, "/") || strings.Contains(text, "\n/")
}

// scanParagraph does the work of Extract for one paragraph.
func scanParagraph(source string, names dictionary) (kept string, found []Command) {
	if !hasSlashLine(source) {
		return source, nil
	}
	var out strings.Builder
	next := 0
	for _, m := range names.pattern.FindAllStringSubmatchIndex(source, -1) {
		if m[2] < 0 {
			continue // something that shields its content
		}
		out.WriteString(source[next:m[0]])
		next = m[1]
		name, arg := strings.ToLower(source[m[2]:m[3]]), ""
		if m[4] >= 0 {
			arg = source[m[4]:m[5]]
		}
		if picture := substitution(name); picture != "" {
			_, blank, _ := strings.Cut(source[m[0]:m[1]], "\n")
			out.WriteString(picture)
			if strings.HasSuffix(source[m[0]:m[1]], "\n") {
				out.WriteString("\n" + blank)
			}
			continue
		}
		found = append(found, Command{name: names.canonical[name], arg: strings.TrimSpace(arg)})
	}
	out.WriteString(source[next:])
	return out.String(), found
}
