package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render"
)

// formatsKey is the annotation that lists the output formats a command has besides those of all commands.
const formatsKey = "prodctl.formats"

// hasFormats gives a command output formats besides those of all. Its view has to have them too; everywhere else they are refused before any request.
func hasFormats(cmd *cobra.Command, formats ...render.Format) {
	words := make([]string, len(formats))
	for i, f := range formats {
		words[i] = string(f)
	}
	if cmd.Annotations == nil {
		cmd.Annotations = map[string]string{}
	}
	cmd.Annotations[formatsKey] = strings.Join(words, ",")
}

// formatsOf are the formats that a command has besides those of all.
func formatsOf(cmd *cobra.Command) []render.Format {
	var list []render.Format
	for word := range strings.SplitSeq(cmd.Annotations[formatsKey], ",") {
		if word != "" {
			list = append(list, render.Format(word))
		}
	}
	return list
}

// noPage refuses a page of what a command has written, before any request: a page is of a report. instead is what to type.
func (e *Env) noPage(posts bool, instead string) error {
	if posts && e.view.Format() == render.HTML {
		return fault.New(fault.Usage, instead, "what --post writes has no output format %q", render.HTML)
	}
	return nil
}

// completeFormats completes -o with what the command at hand has.
func (e *Env) completeFormats(root *cobra.Command) {
	if len(e.args) == 0 || !strings.HasPrefix(e.args[0], cobra.ShellCompRequestCmd) {
		return // as in completeWith
	}
	complete := func(cmd *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		all := render.Formats()
		for _, f := range formatsOf(cmd) {
			all = append(all, string(f))
		}
		all = slices.DeleteFunc(all, func(f string) bool { return !strings.HasPrefix(f, typed) })
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
	if err := root.RegisterFlagCompletionFunc("output", complete); err != nil {
		panic("cli: " + err.Error()) // the flag's name is misspelt in this package
	}
}
