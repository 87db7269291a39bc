package runner

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Retry is the command line that goes on, as it was typed.
func Retry(s *app.Session) string {
	words := []string{"prodctl"}
	for _, arg := range s.Args {
		words = append(words, fault.Quote(arg))
	}
	return strings.Join(words, " ")
}

// RetryWithKey is the command line with the key of this run, and with more flags.
func RetryWithKey(s *app.Session, key string, more ...string) string {
	if !Passed(s, "--key") {
		more = append([]string{"--key", key}, more...)
	}
	return commandLine(s, func(flag string) bool { return flag == "--new" }, more...)
}

// RetryAsNew is the command line that makes another one without looking.
func RetryAsNew(s *app.Session) string {
	return commandLine(s, func(flag string) bool { return flag == "--key" || flag == "--new" }, "--new")
}

// ShortAsNew is that without its words.
const ShortAsNew = "the same command with --new, without --key"

// ShortWithKey is how a command line is told without its words.
func ShortWithKey(key string) string {
	if key == "" {
		return "the same command"
	}
	return "the same command with --key " + fault.Quote(key)
}

// Shareable is a command line to type again. Of what is confidential its words are not told where others may read them (SPEC W7): short
// says it instead.
func Shareable(s *app.Session, line, short string, confidential bool) string {
	if reveal, _ := s.Flags.GetBool(app.IncludeConfidential); confidential && !s.ErrTTY && !reveal {
		return short
	}
	return line
}

// pinnedTime are the words that let a command line mean the same times when it is typed later: 10m ago is another time then.
func pinnedTime(s *app.Session) []string {
	if Passed(s, "--now") || !Passed(s, "--started") && !Passed(s, "--detected") {
		return nil
	}
	return []string{"--now", s.Time.Format(time.RFC3339)}
}

// flagArgs are the words among which flags can be, and the rest from a "--" on: behind it all are arguments, such as a title that begins
// with a dash.
func flagArgs(s *app.Session) (words, rest []string) {
	at := slices.Index(s.Args, "--")
	if at < 0 {
		return s.Args, nil
	}
	return s.Args[:at], s.Args[at:]
}

// RetryWithout is the command line with flags that say by themselves what the typed ones mean only now, such as which shift ends.
func RetryWithout(s *app.Session, instead []string, with ...string) string {
	return commandLine(s, func(flag string) bool { return slices.Contains(instead, flag) }, with...)
}

// Passed reports whether a flag was typed.
func Passed(s *app.Session, flag string) bool {
	words, _ := flagArgs(s)
	return slices.ContainsFunc(words, func(word string) bool { return word == flag || strings.HasPrefix(word, flag+"=") })
}

// commandLine is the command line without some flags and with others. Of those that may go, all but --new have a value.
func commandLine(s *app.Session, without func(flag string) bool, with ...string) string {
	words, rest := flagArgs(s)
	line := []string{"prodctl"}
	for n := 0; n < len(words); n++ {
		flag, _, own := strings.Cut(words[n], "=")
		if len(flag) > 2 && flag[0] == '-' && flag[1] != '-' {
			flag, own = flag[:2], true // a value stands behind its short flag: -f-
		}
		switch {
		case !without(flag):
			line = append(line, fault.Quote(words[n]))
		case flag != "--new" && !own:
			n++ // its value is the next word
		}
	}
	for _, word := range slices.Concat(with, rest) {
		line = append(line, fault.Quote(word))
	}
	return strings.Join(line, " ")
}
