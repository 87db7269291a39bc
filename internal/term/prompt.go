package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/term"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// NoAnswer means that the input ended before an answer, and that it has none for later questions.
var NoAnswer error = fault.New(fault.Refused, "", "no answer: end of input")

// Confirm asks a yes-or-no question. Only y and yes, in any letter case, mean yes. Without a terminal it fails with [fault.Refused] and
// names --yes.
func (s *Streams) Confirm(ctx context.Context, question string) (bool, error) {
	if !s.Interactive() {
		return false, fault.New(fault.Refused, "Add --yes to confirm without a prompt", "not confirmed: no terminal to ask on")
	}
	answer, err := s.ask(ctx, question+" [y/N] ")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}

// Ask asks for a line of text. An empty answer means the fallback. Without a terminal it fails with [fault.Refused].
func (s *Streams) Ask(ctx context.Context, question, fallback string) (string, error) {
	if !s.Interactive() {
		return "", refusal(question)
	}
	prompt := question + ": "
	if fallback != "" {
		prompt = fmt.Sprintf("%s [%s]: ", question, fallback)
	}
	answer, err := s.ask(ctx, prompt)
	if answer == "" {
		answer = fallback
	}
	return answer, err
}

// Choose asks for one of the choices by its number, and returns its index. It asks again until the number is in the list. Without a
// terminal it fails with [fault.Refused].
func (s *Streams) Choose(ctx context.Context, question string, choices []string) (int, error) {
	if !s.Interactive() {
		return 0, refusal(question)
	}
	defer s.prompting()()
	for i, choice := range choices {
		fmt.Fprintf(s.Err, "%3d  %s\n", i+1, sanitize.Line(choice))
	}
	for {
		answer, err := s.ask(ctx, fmt.Sprintf("%s [1-%d]: ", question, len(choices)))
		if err != nil {
			return 0, err
		}
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(choices) {
			return n - 1, nil
		}
		s.Notef("invalid choice %q (use a number from 1 to %d)", answer, len(choices))
	}
}

// Hidden asks for a secret without echo. Without a terminal it fails with [fault.Refused].
func (s *Streams) Hidden(ctx context.Context, prompt string) (string, error) {
	if !s.Interactive() {
		return "", refusal(prompt)
	}
	if s.file == nil {
		return s.ask(ctx, prompt+": ")
	}
	fd := int(s.file.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", fmt.Errorf("turn off the echo: %w", err)
	}
	defer s.prompting()()
	fmt.Fprint(s.Err, sanitize.Line(prompt)+": ")
	defer fmt.Fprintln(s.Err)
	secret, err := wait(ctx, func() (string, error) {
		b, err := term.ReadPassword(fd)
		return string(b), err
	})
	if ctx.Err() != nil {
		_ = term.Restore(fd, before) // the read that turned off the echo is still waiting
	}
	return strings.TrimSpace(secret), err
}

// WaitKey waits for Enter. Without a terminal it returns at once.
func (s *Streams) WaitKey(ctx context.Context, prompt string) error {
	if !s.Interactive() {
		return nil
	}
	_, err := s.ask(ctx, prompt)
	return err
}

func refusal(question string) error {
	return fault.New(fault.Refused, "Run the command in a terminal, or pass the answer with a flag (see --help)",
		"no terminal to ask on: %s", question)
}

// ask shows a prompt and reads a line, without the blanks around it. The end of the input is an error.
func (s *Streams) ask(ctx context.Context, prompt string) (string, error) {
	defer s.prompting()()
	fmt.Fprint(s.Err, s.fold(sanitize.Text(prompt)))
	line, err := wait(ctx, func() (string, error) { return s.lines.ReadString('\n') })
	if errors.Is(err, io.EOF) {
		if line == "" {
			fmt.Fprintln(s.Err)
			return "", NoAnswer
		}
		err = nil
	}
	if ctx.Err() != nil {
		fmt.Fprintln(s.Err)
	}
	return strings.TrimSpace(line), err
}

// answerWidth is the room for the beginning of an answer beside its prompt.
const answerWidth = 8

// fold wraps the last line of a prompt at its blanks, with room for an answer beside it.
func (s *Streams) fold(prompt string) string {
	at := strings.LastIndexByte(prompt, '\n') + 1
	text := strings.TrimRight(prompt[at:], " ")
	if s.ErrWidth <= 2*answerWidth || cells(text)+1 < s.ErrWidth {
		return prompt
	}
	return prompt[:at] + strings.Join(Wrap(text, s.ErrWidth-answerWidth), "\n") + prompt[at+len(text):]
}

// wait returns what read returns, or ctx's error if that comes first. In that case read is still waiting, so the terminal must not be
// read afterwards.
func wait(ctx context.Context, read func() (string, error)) (string, error) {
	type answer struct {
		text string
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		text, err := read()
		got <- answer{text, err}
	}()
	select {
	case a := <-got:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
