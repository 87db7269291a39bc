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
)

// Command is a quick action found in a text: its canonical name and the rest of the line.
type Command struct{ name, arg string }

// trailingSpace are trimmed from the end of every text.
const trailingSpace = "\t\n\v\f\r \x00"

// actionNames maps every recognized name, of any kind of object, to its canonical form. The line is removed from the
// text whether or not the action can run.
var actionNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for word := range strings.FieldsSeq(nameTable) {
		name, aliases, _ := strings.Cut(word, "=")
		names[name] = name
		for alias := range strings.SplitSeq(aliases, ",") {
			if alias != "" {
				names[alias] = name
			}
		}
	}
	return names
})

// nameTable has words of the form "name" or "name=alias,alias".
const nameTable = `
	add_child add_contacts add_email=add_email,invite_email approve assign assign_reviewer=assign_reviewer,reviewer,request_review
	award=award,react blocked_by blocks board_move cc child_epic clear_health_status clear_weight clone close confidential
	convert_to_ticket copy_metadata create_merge_request done draft=draft,wip due duplicate epic
	estimate=estimate,estimate_time health_status iteration label=label,labels link lock merge milestone move page parent_epic
	promote promote_to promote_to_incident publish ready reassign reassign_reviewer rebase relabel relate remove_child
	remove_child_epic remove_contacts remove_due_date remove_email remove_epic remove_estimate=remove_estimate,remove_time_estimate
	remove_iteration remove_milestone remove_parent remove_parent_epic remove_time_spent remove_zoom reopen set_parent severity
	spend=spend,spent,spend_time submit_review subscribe tag target_branch timeline title todo type unapprove unassign
	unassign_reviewer=unassign_reviewer,remove_reviewer unlabel=unlabel,remove_label unlink unlock unsubscribe weight zoom`

// substitution returns the picture of actions that do nothing else: their line is replaced by its argument and the
// picture.
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
var commandPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?ims)`.[^`]*`" +
		`|^<[^>]+>\n.+?\n</[^>]+>$` +
		`|^/(?P<name>` + nameUnion() + `)(?: (?P<arg>[^\n]*))?(?:[\s\v]*\n|$)`)
})

func nameUnion() string {
	names := append(slices.Sorted(maps.Keys(actionNames())), "shrug", "tableflip")
	return strings.Join(names, "|")
}

// Extract removes the quick actions from a text that arrives through the API: it deletes every carriage return,
// parses the Markdown, and removes each command line in top-level paragraphs. The remaining text has no trailing
// white space.
//
// Extract is pure; the caller runs the commands.
func Extract(text string) (rest string, found []Command) {
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
		kept, commands := scanParagraph(strings.Join(lines[p.Start:end], ""))
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
func scanParagraph(source string) (kept string, found []Command) {
	if !hasSlashLine(source) {
		return source, nil
	}
	var out strings.Builder
	next := 0
	for _, m := range commandPattern().FindAllStringSubmatchIndex(source, -1) {
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
			out.WriteString(arg + " " + picture)
			if strings.HasSuffix(source[m[0]:m[1]], "\n") {
				out.WriteString("\n")
			}
			continue
		}
		found = append(found, Command{name: actionNames()[name], arg: strings.TrimSpace(arg)})
	}
	out.WriteString(source[next:])
	return out.String(), found
}
