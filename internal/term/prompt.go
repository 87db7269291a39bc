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

// Confirm asks a question that is answered by yes or no; everything but y and yes, in any case, is no.
// Without a terminal it fails with [fault.Refused] and names --yes.
func (s *Streams) Confirm(ctx context.Context, question string) (bool, error) {
	if !s.Interactive() {
		return false, fault.New(fault.Refused, "say --yes to answer it beforehand",
			"cannot ask without a terminal: %s", question)
	}
	answer, err := s.ask(ctx, question+" [y/N] ")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}

// Ask asks for a line of text; an empty answer is the fallback. Without a terminal it fails with [fault.Refused].
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

// Choose asks for one of the choices by its number and returns its index. An answer that is no number of the list
// is asked for again. Without a terminal it fails with [fault.Refused].
func (s *Streams) Choose(ctx context.Context, question string, choices []string) (int, error) {
	if !s.Interactive() {
		return 0, refusal(question)
	}
	defer s.question()()
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
		s.Notef("%q is not a number from 1 to %d", answer, len(choices))
	}
}

// Hidden asks for a secret, which is not shown while it is typed. Without a terminal it fails with [fault.Refused].
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
	defer s.question()()
	fmt.Fprint(s.Err, sanitize.Line(prompt)+": ")
	defer fmt.Fprintln(s.Err)
	secret, err := wait(ctx, func() (string, error) {
		b, err := term.ReadPassword(fd)
		return string(b), err
	})
	if ctx.Err() != nil {
		_ = term.Restore(fd, before) // the read that turned the echo off is still waiting
	}
	return strings.TrimSpace(secret), err
}

// WaitKey waits until a line is ended on the keyboard. Without a terminal it returns at once.
func (s *Streams) WaitKey(ctx context.Context, prompt string) error {
	if !s.Interactive() {
		return nil
	}
	_, err := s.ask(ctx, prompt)
	return err
}

func refusal(question string) error {
	return fault.New(fault.Refused, "run it in a terminal, or give the answer with a flag (see --help)",
		"cannot ask without a terminal: %s", question)
}

// ask shows a prompt and reads a line without the blanks around it. The end of the input is an error.
func (s *Streams) ask(ctx context.Context, prompt string) (string, error) {
	defer s.question()()
	fmt.Fprint(s.Err, sanitize.Text(prompt))
	line, err := wait(ctx, func() (string, error) { return s.lines.ReadString('\n') })
	if errors.Is(err, io.EOF) {
		if line == "" {
			fmt.Fprintln(s.Err)
			return "", fault.New(fault.Refused, "", "no answer: the input has ended")
		}
		err = nil
	}
	return strings.TrimSpace(line), err
}

// wait returns what read returns, or ctx's error when that comes first. The read goes on then,
// so that nothing may be read from the terminal afterwards.
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
