package fault

import (
	"fmt"
	"strings"
)

// Quote makes a word safe to paste into a shell. It is one line: a hint is indented, and a word of several lines would get these blanks.
func Quote(s string) string {
	safe, control := s != "" && !strings.HasPrefix(s, "~"), false
	for n, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		safe = safe && (letter || strings.ContainsRune("-_./:=@,+%~", r) || r == '#' && n > 0)
		control = control || r < ' ' || r == 0x7f
	}
	switch {
	case safe:
		return s
	case control:
		return escaped(s)
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// escaped is a word with control characters as bash, zsh and ksh read it.
func escaped(s string) string {
	var b strings.Builder
	b.WriteString("$'")
	for _, c := range []byte(s) {
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(c))
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String() + "'"
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
