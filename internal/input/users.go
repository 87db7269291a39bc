package input

import (
	"strings"
)

// UserNames are names as GitLab knows them, whether they were typed with @ or not.
func UserNames(typed []string) []string {
	var names []string
	for _, name := range typed {
		if name = strings.TrimPrefix(strings.TrimSpace(name), "@"); name != "" {
			names = append(names, name)
		}
	}
	return names
}
