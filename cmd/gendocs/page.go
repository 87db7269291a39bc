package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// page is the help of one command or topic, independent of cobra, so that Markdown and roff agree.
type page struct {
	Path     string // "prodctl milestone roll"
	Short    string
	Long     []block
	Usage    string // the command line; empty for a topic
	Aliases  []string
	Examples []string // lines
	Flags    []flagLine
	Global   []flagLine // only for the root
	Subs     []string   // paths of subcommands
	Parent   string     // empty for the root
	Topic    bool
}

// block is a paragraph, or literal lines.
type block struct {
	Literal bool
	Lines   []string
}

// flagLine is one flag as in its help.
type flagLine struct {
	Name    string // "-n, --last <timeboxes>"
	Meaning string // with the default
}

// File returns the name of the page's file without extension, "prodctl-milestone-roll".
func (p page) File() string { return fileOf(p.Path) }

func fileOf(path string) string { return strings.ReplaceAll(path, " ", "-") }

// pagesOf returns the pages of a command and of all below it, in the order of the tree.
func pagesOf(cmd *cobra.Command) []page {
	p := page{
		Path: cmd.CommandPath(), Short: cmd.Short, Long: blocks(cmd.Long), Aliases: cmd.Aliases,
		Topic: cmd.IsAdditionalHelpTopicCommand(), Flags: flagsOf(cmd.LocalNonPersistentFlags()),
	}
	if !p.Topic {
		p.Usage = cmd.UseLine()
	}
	if cmd.Example != "" {
		p.Examples = dedent(strings.Split(strings.Trim(cmd.Example, "\n"), "\n"))
	}
	if cmd.HasParent() {
		p.Parent = cmd.Parent().CommandPath()
	} else {
		p.Global = flagsOf(cmd.PersistentFlags())
	}
	pages := []page{p}
	for _, sub := range cmd.Commands() {
		if sub.Hidden {
			continue
		}
		pages[0].Subs = append(pages[0].Subs, sub.CommandPath())
		pages = append(pages, pagesOf(sub)...)
	}
	return pages
}

// blocks splits a help text: indented lines are literal, empty lines end a paragraph.
func blocks(text string) []block {
	var out []block
	open := false
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if strings.TrimSpace(line) == "" {
			open = false
			if n := len(out); n > 0 && out[n-1].Literal {
				out[n-1].Lines = append(out[n-1].Lines, "") // part of the block if it continues
			}
			continue
		}
		literal := strings.HasPrefix(line, "  ")
		if n := len(out); n > 0 && out[n-1].Literal == literal && (open || literal) {
			out[n-1].Lines = append(out[n-1].Lines, line)
		} else {
			out = append(out, block{literal, []string{line}})
		}
		open = true
	}
	for i := range out {
		if out[i].Literal {
			out[i].Lines = dedent(trimmed(out[i].Lines))
		}
	}
	return out
}

func trimmed(lines []string) []string {
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// dedent removes the indentation that all lines have in common.
func dedent(lines []string) []string {
	least := -1
	for _, line := range lines {
		if body := strings.TrimLeft(line, " "); body != "" && (least < 0 || len(line)-len(body) < least) {
			least = len(line) - len(body)
		}
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = line[min(max(least, 0), len(line)):]
	}
	return out
}

// flagsOf returns the flags in help, sorted by name.
func flagsOf(set *pflag.FlagSet) []flagLine {
	var out []flagLine
	set.VisitAll(func(f *pflag.Flag) {
		if f.Hidden || f.Name == "help" {
			return
		}
		value, meaning := pflag.UnquoteUsage(f)
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		switch value {
		case "":
		case "string", "strings", "stringArray": // the type is not helpful
			name += " <value>"
		default:
			name += " <" + value + ">"
		}
		if value := defaultOf(f); value != "" {
			meaning += " (default " + value + ")"
		}
		out = append(out, flagLine{name, meaning})
	})
	return out
}

// defaultOf returns the default of a flag, unless it is empty or zero.
func defaultOf(f *pflag.Flag) string {
	switch f.DefValue {
	case "", "false", "0", "0s", "[]":
		return ""
	}
	return f.DefValue
}
