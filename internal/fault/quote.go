package fault

import (
	"fmt"
	"strings"
)

// Quote makes a word safe to paste into a shell.
func Quote(s string) string {
	safe := s != "" && !strings.HasPrefix(s, "~")
	for n, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		safe = safe && (letter || strings.ContainsRune("-_./:=@,+%~", r) || r == '#' && n > 0)
	}
	if safe {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Command is a prodctl command line with values in it, each quoted for a shell.
func Command(format string, args ...any) string {
	quoted := make([]any, len(args))
	for n, a := range args {
		switch v := a.(type) {
		case string:
			quoted[n] = Quote(v)
		case fmt.Stringer:
			quoted[n] = Quote(v.String())
		default:
			quoted[n] = a
		}
	}
	return fmt.Sprintf("prodctl "+format, quoted...)
}
