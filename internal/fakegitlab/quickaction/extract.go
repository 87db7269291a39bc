// Package quickaction finds and carries out the quick actions in a text: /close, /label ~a. Start with Extract, which
// only reads, and Run. Each action is a method in the file of what it changes; actionTable in run.go lists them.
package quickaction

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
)

// Command is one quick action found in a text: its canonical name and what
// stood behind it on the line.
type Command struct{ name, arg string }

// trailingBlanks are cut from the end of every text that is looked through.
const trailingBlanks = "\t\n\v\f\r \x00"

// actionNames maps every name that is recognised, in whatever kind of object,
// to its canonical form. Whether one can be carried out is another matter:
// the line is taken out of the text in any case.
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

// substitution is the picture that stands in for some actions: their line is replaced by what was written behind them
// and the picture, instead of anything being done.
func substitution(name string) string {
	switch name {
	case "shrug":
		return "¯\\＿(ツ)＿/¯"
	case "tableflip":
		return "(╯°□°)╯︵ ┻━┻"
	}
	return ""
}

// commandPattern finds, in the source of a paragraph, either something that
// shields (a code span, an HTML element on lines of its own) or a line that
// is a command. Blanks and empty lines behind a command belong to it.
var commandPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?ims)`.[^`]*`" +
		`|^<[^>]+>\n.+?\n</[^>]+>$` +
		`|^/(?P<name>` + nameUnion() + `)(?: (?P<arg>[^\n]*))?(?:[\s\v]*\n|$)`)
})

func nameUnion() string {
	names := append(slices.Sorted(maps.Keys(actionNames())), "shrug", "tableflip")
	return strings.Join(names, "|")
}

// Extract takes the quick actions out of a text as it comes in
// through the API: every carriage return is deleted, the Markdown is looked
// at, and in paragraphs at top level each line that is a command is removed.
// The text that stays has no trailing white space.
//
// It is a pure function; carrying the commands out is a matter of the caller.
func Extract(text string) (rest string, found []Command) {
	text = strings.ReplaceAll(text, "\r", "")
	if !hasSlashLine(text) {
		return strings.TrimRight(text, trailingBlanks), nil
	}
	lines := strings.SplitAfter(text, "\n")
	var out strings.Builder
	next := 0
	for _, p := range markdown.Paragraphs(lines) {
		end := p.End
		if end < len(lines) && lines[end] == "\n" {
			end++ // the empty line behind the paragraph goes with a command in front of it
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
	return strings.TrimRight(out.String(), trailingBlanks), found
}

func hasSlashLine(text string) bool {
	return strings.HasPrefix(text, "/") || strings.Contains(text, "\n/")
}

// scanParagraph does the work of Extract for the source of one
// paragraph.
func scanParagraph(source string) (kept string, found []Command) {
	if !hasSlashLine(source) {
		return source, nil
	}
	var out strings.Builder
	next := 0
	for _, m := range commandPattern().FindAllStringSubmatchIndex(source, -1) {
		if m[2] < 0 {
			continue // something that shields
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
