package cli

import (
	"slices"
	"strings"
	"time"
)

// againWith is the command line with the key of this run, and with more flags.
func (e *Env) againWith(key string, more ...string) string {
	if !e.said("--key") {
		more = append([]string{"--key", key}, more...)
	}
	return e.retyped(func(flag string) bool { return flag == "--new" }, more...)
}

// withNew is the command line that makes another one without looking.
func (e *Env) withNew() string {
	return e.retyped(func(flag string) bool { return flag == "--key" || flag == "--new" }, "--new")
}

// shortNew is that without its words.
const shortNew = "the same command with --new, without --key"

// withKey is how a command line is told without its words.
func withKey(key string) string {
	if key == "" {
		return "the same command"
	}
	return "the same command with --key " + quote(key)
}

// repeat is a command line to type again. Of what is confidential its words are not told where others may read them (SPEC W7): short says it instead.
func (e *Env) repeat(line, short string, confidential bool) string {
	if reveal, _ := e.flags.GetBool(includeConfidential); confidential && !e.ErrTTY && !reveal {
		return short
	}
	return line
}

// atThisTime are the words that let a command line mean the same times when it is typed later: 10m ago is another time then.
func (e *Env) atThisTime() []string {
	now, err := e.Clock()
	if err != nil || e.said("--now") || !e.said("--started") && !e.said("--detected") {
		return nil
	}
	return []string{"--now", now.UTC().Format(time.RFC3339)}
}

// flagWords are the words among which flags can be, and the rest from a "--" on: behind it all are arguments, such as a title that begins with a dash.
func (e *Env) flagWords() (words, rest []string) {
	at := slices.Index(e.args, "--")
	if at < 0 {
		return e.args, nil
	}
	return e.args[:at], e.args[at:]
}

// againFor is the command line with flags that say by themselves what the typed ones mean only now, such as which shift ends.
func (e *Env) againFor(instead []string, with ...string) string {
	return e.retyped(func(flag string) bool { return slices.Contains(instead, flag) }, with...)
}

// said reports whether a flag was typed.
func (e *Env) said(flag string) bool {
	words, _ := e.flagWords()
	return slices.ContainsFunc(words, func(word string) bool { return word == flag || strings.HasPrefix(word, flag+"=") })
}

// retyped is the command line without some flags and with others. Of those that may go, all but --new have a value.
func (e *Env) retyped(without func(flag string) bool, with ...string) string {
	words, rest := e.flagWords()
	line := []string{"prodctl"}
	for n := 0; n < len(words); n++ {
		flag, _, own := strings.Cut(words[n], "=")
		switch {
		case !without(flag):
			line = append(line, quote(words[n]))
		case flag != "--new" && !own:
			n++ // its value is the next word
		}
	}
	for _, word := range slices.Concat(with, rest) {
		line = append(line, quote(word))
	}
	return strings.Join(line, " ")
}
