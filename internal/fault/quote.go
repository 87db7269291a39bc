package fault

import (
	"strings"
)

// Quote makes a word safe to paste into a shell.
func Quote(s string) string {
	safe := s != "" && !strings.HasPrefix(s, "~")
	for _, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		safe = safe && (letter || strings.ContainsRune("-_./:=@,+%~", r))
	}
	if safe {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
