package input

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// quiet refuses what would be nothing at all.
func RequireText(text, what string) error {
	if strings.TrimSpace(text) == "" {
		return fault.New(fault.Usage, fmt.Sprintf("say it in quotes: %s", what), "there is no text")
	}
	return nil
}
