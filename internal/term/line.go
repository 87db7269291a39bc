package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/term"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// Line asks for a line of text, without the blanks around it. Where the terminal can move its cursor, the line is edited with the arrow
// keys, and Tab completes the last of the words in it, which commas separate. Lines that are pasted together are one answer. ^C, ^D and
// the end of the input are an error of kind Interrupted. Without a terminal it fails with [fault.Refused].
func (s *Streams) Line(ctx context.Context, prompt string, words []string) (string, error) {
	if !s.Interactive() {
		return "", refusal(prompt)
	}
	var line string
	var err error
	if s.file == nil || s.screen == nil || s.Dumb {
		line, err = s.ask(ctx, prompt)
		if fault.KindOf(err) == fault.Refused {
			err = io.EOF
		}
	} else {
		line, err = s.edited(ctx, prompt, words)
	}
	if errors.Is(err, io.EOF) || ctx.Err() != nil {
		return "", fault.New(fault.Interrupted, "", "interrupted")
	}
	return strings.TrimSpace(line), err
}

// edited reads a line in the raw mode of the terminal, which echoes nothing and sends ^C as a byte.
func (s *Streams) edited(ctx context.Context, prompt string, words []string) (string, error) {
	fd := int(s.file.Fd())
	before, err := term.MakeRaw(fd)
	if err != nil {
		return "", fmt.Errorf("read the keyboard: %w", err)
	}
	defer s.prompting()()
	defer func() { _ = term.Restore(fd, before) }()
	prompt = s.fold(sanitize.Line(prompt))
	at := strings.LastIndexByte(prompt, '\n') + 1
	fmt.Fprint(s.screen, strings.ReplaceAll(prompt[:at], "\n", "\r\n"))
	editor := term.NewTerminal(keyboard{s}, prompt[at:])
	if s.ErrWidth > 0 {
		_ = editor.SetSize(s.ErrWidth, 1) // it fails for impossible sizes only
	}
	editor.AutoCompleteCallback = func(line string, at int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		longer, choices := complete(line[:at], words)
		if len(choices) > 1 {
			fmt.Fprintln(editor, sanitize.Line(strings.Join(choices, "  ")))
		}
		return longer + line[at:], len(longer), true
	}
	editor.SetBracketedPasteMode(true)
	defer editor.SetBracketedPasteMode(false)
	return wait(ctx, func() (string, error) {
		var lines []string
		for {
			line, err := editor.ReadLine()
			lines = append(lines, line)
			if errors.Is(err, term.ErrPasteIndicator) { // more may follow, up to an Enter of the user
				continue
			}
			if err != nil {
				fmt.Fprint(s.screen, "\r\n")
			}
			return strings.Join(lines, "\n"), err
		}
	})
}

// Show writes a line of a question to the user, such as one of its choices. A long one is wrapped below its text.
func (s *Streams) Show(line string) {
	defer s.prompting()()
	lines := []string{sanitize.Line(line)}
	if s.ErrWidth > 0 {
		lines = Wrap(lines[0], s.ErrWidth)
	}
	for _, line := range lines {
		fmt.Fprintln(s.Err, line)
	}
}

// keyboard is the terminal for a line editor. It reads byte by byte, so that what was pasted after the line is there for the next question.
type keyboard struct{ s *Streams }

// Read reads one byte.
func (k keyboard) Read(p []byte) (int, error) { return k.s.lines.Read(p[:min(len(p), 1)]) }

// Write shows the line.
func (k keyboard) Write(p []byte) (int, error) { return k.s.screen.Write(p) }

// complete is a line whose last word is completed as far as it is clear, and the words that it may become.
func complete(line string, words []string) (longer string, choices []string) {
	at := strings.LastIndexByte(line, ',') + 1
	for at < len(line) && line[at] == ' ' {
		at++
	}
	last := strings.ToLower(line[at:])
	choices = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(strings.ToLower(w), last) })
	if len(choices) == 0 {
		return line, nil
	}
	common := choices[0]
	for _, c := range choices[1:] {
		for !strings.HasPrefix(c, common) {
			common = common[:len(common)-1]
		}
	}
	if len(common) < len(last) {
		return line, choices
	}
	return line[:at] + common, choices
}
