package runner

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Retry is the command line to run again, as the user entered it.
func Retry(s *app.Session) string {
	words := []string{"prodctl"}
	for _, arg := range s.Args {
		words = append(words, fault.Quote(arg))
	}
	return strings.Join(words, " ")
}

// RetryWithKey is the command line with the idempotency key of this run, and with relative times as absolute ones: 10m ago is another time
// when the command runs again. Users that are unknown are replaced by a word to fill in.
func RetryWithKey(s *app.Session, key string, unknown ...string) string {
	relative, absolute := pinnedTimes(s)
	for _, flag := range []string{"assign", "owner"} {
		if f := s.Flags.Lookup(flag); f != nil && len(unknown) > 0 && Passed(s, "--"+flag) {
			relative, absolute = append(relative, "--"+flag), append(absolute, "--"+flag, knownUsers(f.Value.String(), unknown))
		}
	}
	if !Passed(s, "--key") {
		absolute = append([]string{"--key", key}, absolute...)
	}
	return commandLine(s, func(flag string) bool { return flag == "--new" || slices.Contains(relative, flag) }, absolute...)
}

// knownUsers replaces the unknown names of a list by USER.
func knownUsers(list string, unknown []string) string {
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); slices.ContainsFunc(unknown, func(u string) bool {
			return strings.EqualFold(strings.TrimPrefix(name, "@"), u)
		}) {
			name = "USER"
		}
		names = append(names, name)
	}
	return strings.Join(slices.Compact(names), ",")
}

// RetryAsNew is the command line that creates another object without looking for an existing one, with absolute times.
func RetryAsNew(s *app.Session) string {
	relative, absolute := pinnedTimes(s)
	dropped := append(relative, "--key", "--key-since", "--new")
	return commandLine(s, func(flag string) bool { return slices.Contains(dropped, flag) }, append([]string{"--new"}, absolute...)...)
}

// ShortAsNew describes [RetryAsNew] without its arguments.
const ShortAsNew = "the same command with --new, without --key"

// ShortWithKey describes [RetryWithKey] without its arguments.
func ShortWithKey(key string) string {
	if key == "" {
		return "the same command"
	}
	return "the same command with --key " + fault.Quote(key)
}

// Shareable is a command line that may be printed. Where others may read the output, the arguments of a command about a confidential issue
// are replaced by the description short (promise W7).
func Shareable(s *app.Session, line, short string, confidential bool) string {
	if reveal, _ := s.Flags.GetBool(app.IncludeConfidential); confidential && !s.ErrTTY && !reveal {
		return short
	}
	return line
}

// RetryHint is the hint of a run that stopped halfway: what the cause's own hint asks for, then the command to retry, which is a command
// line or a description from [Shareable]. It replaces "run the same command" in the cause's hint. A hint that has a command of its own gets
// the retry on a second line.
func RetryHint(own, line string) string {
	first, then := "To retry (safe to repeat): "+line, "retry (safe to repeat): "+line
	if !strings.HasPrefix(line, "prodctl ") {
		first, then = "To retry (safe to repeat), run "+line, "run "+line+" (safe to repeat)"
	}
	if at := strings.Index(strings.ToLower(own), "run the same command"); at >= 0 {
		own = strings.TrimSuffix(strings.TrimRight(own[:at], " "), ", then")
	}
	own = strings.TrimRight(own, ",; .")
	switch {
	case own == "":
		return first
	case strings.Contains(own, "prodctl "):
		return own + "\n" + first
	}
	return own + ", then " + then
}

// pinnedTimes are the flags whose times are not absolute, and the same flags with absolute times.
func pinnedTimes(s *app.Session) (relative, absolute []string) {
	s.Flags.Visit(func(f *pflag.Flag) {
		at, ok := absoluteTime(f.Value)
		if _, err := time.Parse(time.RFC3339, f.Value.String()); !ok || err == nil {
			return
		}
		relative = append(relative, "--"+f.Name)
		absolute = append(absolute, "--"+f.Name, at.Format(time.RFC3339))
	})
	return relative, absolute
}

// absoluteTime is the time that a flag was resolved to, if it is one.
func absoluteTime(v pflag.Value) (time.Time, bool) {
	if wrapper, ok := v.(interface{ Input() pflag.Value }); ok {
		v = wrapper.Input()
	}
	at, ok := v.(interface{ UTC() time.Time })
	if !ok || at.UTC().IsZero() {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// flagArgs are the words that may be flags, and the rest from "--" on, which are all arguments, such as a title that starts with a dash.
func flagArgs(s *app.Session) (words, rest []string) {
	at := slices.Index(s.Args, "--")
	if at < 0 {
		return s.Args, nil
	}
	return s.Args[:at], s.Args[at:]
}

// RetryWithout is the command line with some flags replaced by others that mean the same whenever it runs, such as which shift ends.
func RetryWithout(s *app.Session, replaced []string, with ...string) string {
	return commandLine(s, func(flag string) bool { return slices.Contains(replaced, flag) }, with...)
}

// Passed reports whether a flag is on the command line.
func Passed(s *app.Session, flag string) bool {
	words, _ := flagArgs(s)
	return slices.ContainsFunc(words, func(word string) bool { return word == flag || strings.HasPrefix(word, flag+"=") })
}

// ArgsWithout are the arguments of [RetryWithout].
func ArgsWithout(s *app.Session, replaced []string, with ...string) []string {
	return arguments(s, func(flag string) bool { return slices.Contains(replaced, flag) }, with...)
}

// commandLine is the command line without some flags and with others.
func commandLine(s *app.Session, without func(flag string) bool, with ...string) string {
	line := []string{"prodctl"}
	for _, word := range arguments(s, without, with...) {
		line = append(line, fault.Quote(word))
	}
	return strings.Join(line, " ")
}

// arguments are the words of [commandLine]. All flags that may be dropped take a value, except --new and --edit.
func arguments(s *app.Session, without func(flag string) bool, with ...string) (line []string) {
	words, rest := flagArgs(s)
	for n := 0; n < len(words); n++ {
		flag, _, own := strings.Cut(words[n], "=")
		if len(flag) > 2 && flag[0] == '-' && flag[1] != '-' {
			flag, own = flag[:2], true // the value follows the short flag without a blank: -f-
		}
		switch {
		case !without(flag):
			line = append(line, words[n])
		case flag != "--new" && flag != "--edit" && !own:
			n++ // the next word is its value
		}
	}
	return slices.Concat(line, with, rest)
}
