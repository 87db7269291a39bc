package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"unicode"

	"github.com/spf13/cobra"
)

// manFiles returns the man pages: commands in section 1, topics in section 7. They have no date, so that builds of a release are
// reproducible.
func manFiles(pages []page, release string) files {
	out := files{}
	for _, p := range pages {
		out[p.File()+"."+section(p)] = man(p, pages, release)
	}
	return out
}

func section(p page) string {
	if p.Topic {
		return "7"
	}
	return "1"
}

func man(p page, pages []page, release string) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH \"%s\" \"%s\" \"\" \"%s\" \"prodctl\"\n", strings.ToUpper(p.File()), section(p),
		roff(strings.TrimSpace("prodctl "+release)))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roff(p.File()), roff(p.Short))
	if p.Usage != "" {
		fmt.Fprintf(&b, ".SH SYNOPSIS\n\\fB%s\\fR\n", roff(p.Usage))
	}
	b.WriteString(".SH DESCRIPTION\n")
	for i, block := range p.Long {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		text := roff(strings.Join(block.Lines, "\n"))
		if block.Literal {
			text = ".RS\n.nf\n" + text + "\n.fi\n.RE"
		}
		b.WriteString(text + "\n")
	}
	manFlags(&b, "OPTIONS", p.Flags)
	manFlags(&b, "OPTIONS OF EVERY COMMAND", p.Global)
	if len(p.Examples) > 0 {
		fmt.Fprintf(&b, ".SH EXAMPLES\n.nf\n%s\n.fi\n", roff(strings.Join(p.Examples, "\n")))
	}
	if also := seeAlso(p, pages); len(also) > 0 {
		fmt.Fprintf(&b, ".SH SEE ALSO\n%s\n", strings.Join(also, ",\n"))
	}
	return b.String()
}

func manFlags(b *strings.Builder, title string, flags []flagLine) {
	if len(flags) == 0 {
		return
	}
	fmt.Fprintf(b, ".SH %s\n", title)
	for _, f := range flags {
		fmt.Fprintf(b, ".TP\n\\fB%s\\fR\n%s\n", roff(f.Name), roff(f.Meaning))
	}
}

// seeAlso returns the parent and the children of a page.
func seeAlso(p page, pages []page) []string {
	var out []string
	for _, other := range pages {
		if other.Path == p.Parent || other.Parent == p.Path {
			out = append(out, fmt.Sprintf("\\fB%s\\fR(%s)", roff(other.File()), section(other)))
		}
	}
	return out
}

// roff escapes text, so that it contains no requests and no escapes of roff.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return ascii(strings.Join(lines, "\n"))
}

// ascii replaces other characters by roff's names for them, which every formatter reads in any locale.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r > unicode.MaxASCII {
			fmt.Fprintf(&b, `\[u%04X]`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// gzipped returns the files compressed as Debian wants them: as small as possible, without name and time, so that builds of a release
// are reproducible.
func gzipped(plain files) (files, error) {
	out := files{}
	for name, text := range plain {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		out[name+".gz"] = b.String()
	}
	return out, nil
}

// completionFiles returns the completion scripts, under the file names that packages use.
func completionFiles(root *cobra.Command) (files, error) {
	out := files{}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"prodctl.bash": func(w *bytes.Buffer) error { return root.GenBashCompletionV2(w, true) },
		"_prodctl":     func(w *bytes.Buffer) error { return root.GenZshCompletion(w) },
		"prodctl.fish": func(w *bytes.Buffer) error { return root.GenFishCompletion(w, true) },
		"prodctl.ps1":  func(w *bytes.Buffer) error { return root.GenPowerShellCompletionWithDesc(w) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			return nil, fmt.Errorf("completion script %s: %w", name, err)
		}
		out[name] = b.String()
	}
	return out, nil
}
