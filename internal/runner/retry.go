package runner

import (
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// RetryWithKey is the command line with the key of this run, and with more flags.
func RetryWithKey(e *app.App, key string, more ...string) string {
	if !Passed(e, "--key") {
		more = append([]string{"--key", key}, more...)
	}
	return commandLine(e, func(flag string) bool { return flag == "--new" }, more...)
}

// RetryAsNew is the command line that makes another one without looking.
func RetryAsNew(e *app.App) string {
	return commandLine(e, func(flag string) bool { return flag == "--key" || flag == "--new" }, "--new")
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

// Shareable is a command line to type again. Of what is confidential its words are not told where others may read them (SPEC W7): short says it instead.
func Shareable(e *app.App, line, short string, confidential bool) string {
	if reveal, _ := e.Flags.GetBool(app.IncludeConfidential); confidential && !e.ErrTTY && !reveal {
		return short
	}
	return line
}

// pinnedTime are the words that let a command line mean the same times when it is typed later: 10m ago is another time then.
func pinnedTime(e *app.App) []string {
	now, err := e.Clock()
	if err != nil || Passed(e, "--now") || !Passed(e, "--started") && !Passed(e, "--detected") {
		return nil
	}
	return []string{"--now", now.UTC().Format(time.RFC3339)}
}

// flagArgs are the words among which flags can be, and the rest from a "--" on: behind it all are arguments, such as a title that begins with a dash.
func flagArgs(e *app.App) (words, rest []string) {
	at := slices.Index(e.Args, "--")
	if at < 0 {
		return e.Args, nil
	}
	return e.Args[:at], e.Args[at:]
}

// RetryWithout is the command line with flags that say by themselves what the typed ones mean only now, such as which shift ends.
func RetryWithout(e *app.App, instead []string, with ...string) string {
	return commandLine(e, func(flag string) bool { return slices.Contains(instead, flag) }, with...)
}

// Passed reports whether a flag was typed.
func Passed(e *app.App, flag string) bool {
	words, _ := flagArgs(e)
	return slices.ContainsFunc(words, func(word string) bool { return word == flag || strings.HasPrefix(word, flag+"=") })
}

// commandLine is the command line without some flags and with others. Of those that may go, all but --new have a value.
func commandLine(e *app.App, without func(flag string) bool, with ...string) string {
	words, rest := flagArgs(e)
	line := []string{"prodctl"}
	for n := 0; n < len(words); n++ {
		flag, _, own := strings.Cut(words[n], "=")
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
