package command

import (
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/render"
)

// formatsKey is the annotation that lists the output formats a command has besides those of all commands.
const formatsKey = "prodctl.formats"

// HasFormats gives a command output formats besides those of all. Its view has to have them too; everywhere else they are
// refused before any request.
func HasFormats(cmd *cobra.Command, formats ...render.Format) {
	words := make([]string, len(formats))
	for i, f := range formats {
		words[i] = string(f)
	}
	annotate(cmd, formatsKey, strings.Join(words, ","))
}

// FormatsOf are the formats that a command has besides those of all.
func FormatsOf(cmd *cobra.Command) []render.Format {
	var list []render.Format
	for word := range strings.SplitSeq(cmd.Annotations[formatsKey], ",") {
		if word != "" {
			list = append(list, render.Format(word))
		}
	}
	return list
}
