package milestone

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// plannedLine is a hidden line in the description of a milestone with the ids of issues that were planned for it late. GitLab's events do
// not show why an issue came into a milestone.
var plannedLine = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^<!-- prodctl:planned((?: \d{1,18})+) -->\r?$`)
})

// ReadPlanned returns the ids of the issues that were planned late, sorted.
func ReadPlanned(description string) (ids []int64) {
	for _, m := range plannedLine().FindAllStringSubmatch(description, -1) {
		for _, word := range strings.Fields(m[1]) {
			if id, err := strconv.ParseInt(word, 10, 64); err == nil {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// WritePlanned returns the description with the ids in its hidden line, in addition to those that are there. No other byte changes.
func WritePlanned(description string, ids []int64) string {
	known := ReadPlanned(description)
	all := slices.Concat(known, ids)
	slices.Sort(all)
	if all = slices.Compact(all); len(all) == len(known) {
		return description
	}
	line := "<!-- prodctl:planned " + strings.Trim(fmt.Sprint(all), "[]") + " -->"
	if at := plannedLine().FindStringIndex(description); at != nil {
		return description[:at[0]] + line + description[at[1]:]
	}
	if strings.TrimSpace(description) == "" {
		return line
	}
	return strings.TrimRight(description, "\n") + "\n\n" + line
}
