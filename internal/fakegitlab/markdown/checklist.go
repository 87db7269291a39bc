package markdown

import (
	"regexp"
	"strings"
)

var taskItem = regexp.MustCompile(`(?m)^[\t >]*(?:[-*+]|\d+[.)])[ \t]+\[([ xX])\](?:[ \t]|$)`)

// TaskCount counts the check boxes of a description, and those that are ticked.
func TaskCount(description string) (count, done int) {
	if !strings.Contains(description, "[") {
		return 0, 0
	}
	for _, m := range taskItem.FindAllStringSubmatch(description, -1) {
		count++
		if m[1] != " " {
			done++
		}
	}
	return count, done
}

type checkItem struct {
	Text string
	Done bool
}

// boxPattern finds the check boxes of a list, in a quotation or not.
var boxPattern = regexp.MustCompile(`(?m)^[ \t]*(?:>[ \t]{0,4})*(?:[ \t]*(?:[-+*]|\d+\.))+[ \t]+\[([ xX])\][ \t]+(\S.*)$`)

// CheckItems finds the check boxes of a description, with the text behind each.
func CheckItems(description string) []checkItem {
	if !strings.Contains(description, "[") {
		return nil
	}
	var all []checkItem
	for _, m := range boxPattern.FindAllStringSubmatch(description, -1) {
		all = append(all, checkItem{Text: strings.TrimSpace(m[2]), Done: m[1] != " "})
	}
	return all
}
