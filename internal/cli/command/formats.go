package command

import (
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/render"
)

// formatsKey is the annotation that lists the additional output formats of a command.
const formatsKey = "prodctl.formats"

// HasFormats adds output formats to a command, whose view must support them. For other commands they are an error before any request.
func HasFormats(cmd *cobra.Command, formats ...render.Format) {
	words := make([]string, len(formats))
	for i, f := range formats {
		words[i] = string(f)
	}
	annotate(cmd, formatsKey, strings.Join(words, ","))
}

// FormatsOf are the additional output formats of a command.
func FormatsOf(cmd *cobra.Command) []render.Format {
	var list []render.Format
	for word := range strings.SplitSeq(cmd.Annotations[formatsKey], ",") {
		if word != "" {
			list = append(list, render.Format(word))
		}
	}
	return list
}
