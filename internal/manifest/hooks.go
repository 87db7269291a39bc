package manifest

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/hook"
)

func hookFields(h *hook.Hook) []field {
	address := key("url", parsed("an address", func(s string) (string, error) { return s, hook.CheckAddress(s) }, hook.Masked), &h.URL)
	open := key("confidential", boolean(), &h.Confidential)
	if !h.Confidential {
		open.value = func() any { return nil } // false is the default
	}
	return []field{
		key("on", list(word(hook.Events()...)), &h.On).must(), key("command", list(text(argument)), &h.Command), address,
		key("url_env", text(addressVariable), &h.URLEnv), key("format", word(hook.Formats()...), &h.Format), open,
	}
}

// argument is a word of a command line, in which everything is allowed.
func argument(s string) (string, error) { return s, nil }

// addressVariable is the name of a variable with the address of a webhook.
func addressVariable(s string) (string, error) {
	rest, ok := strings.CutPrefix(s, hook.Prefix)
	if !ok || rest == "" || strings.Trim(rest, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" {
		return "", fmt.Errorf("invalid name of a variable %s (use a name such as %sSLACK)", quote(s), hook.Prefix)
	}
	return s, nil
}

// deriveHooks checks that each hook has exactly one destination.
func (f *File) deriveHooks(r *reader) {
	reported := r.reported()
	for n, h := range f.Hooks {
		at := fmt.Sprintf("hooks[%d]", n)
		ways := 0
		for _, key := range []string{"command", "url", "url_env"} {
			if _, set := r.places[at+"."+key]; set {
				ways++
			}
		}
		_, formatted := r.places[at+".format"]
		switch {
		case reported(r.placesBelow(at)...) || reported(at):
		case ways != 1:
			r.faultAt(at, "%s needs one of command, url and url_env", at)
		case len(h.On) == 0:
			r.faultAt(at+".on", "%s.on is empty: name an event such as %s", at, hook.Opened)
		case h.URL == "" && h.URLEnv == "" && len(h.Command) == 0:
			r.faultAt(at+".command", "%s.command is empty", at)
		case len(h.Command) > 0 && formatted:
			r.faultAt(at+".format", "%s.format is for webhooks: a command gets the JSON document", at)
		case len(h.Command) > 0:
			if err := hook.CheckProgram(h.Command[0]); err != nil {
				r.faultAt(at+".command", "%s.command: %v", at, err)
			}
		}
	}
}
