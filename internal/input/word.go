package input

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// OneOf checks a flag that takes a word.
func OneOf(flag, value string, words ...string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	return fault.New(fault.Usage, "say one of "+strings.Join(words, ", "), "--%s %q is unknown", flag, value)
}
