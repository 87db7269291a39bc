package term

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// thinking is a user who takes three seconds to answer.
type thinking struct{ answer *strings.Reader }

func (t thinking) Read(p []byte) (int, error) {
	time.Sleep(3 * time.Second) // of the bubble's clock
	return t.answer.Read(p)
}

// The progress line must not overwrite a prompt.
func TestProgressHidesDuringPrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var shown bytes.Buffer
		s := New(thinking{strings.NewReader("y\n")}, &bytes.Buffer{}, &shown, Modes{InTTY: true, ErrTTY: true, ErrWidth: 80})
		p := s.Progress("reading milestones")
		yes, err := s.Confirm(t.Context(), "Send the token there?")
		if !yes || err != nil {
			t.Fatal(yes, err)
		}
		if strings.Contains(shown.String(), "reading") {
			t.Errorf("progress shown during the prompt: %q", shown.String())
		}
		p.Set("reading issues")
		if !strings.Contains(shown.String(), "reading issues") {
			t.Errorf("no progress after the answer: %q", shown.String())
		}
		p.Stop()
	})
}
