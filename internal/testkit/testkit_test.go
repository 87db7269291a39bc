package testkit_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// recorder records the failure message of a test.
type recorder struct {
	testing.TB
	failed string
}

func (t *recorder) Helper() {}

func (t *recorder) Errorf(format string, args ...any) { t.failed = fmt.Sprintf(format, args...) }

func (t *recorder) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	runtime.Goexit()
}

func golden(t *testing.T, name, got string) string {
	t.Helper()
	inner := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		testkit.Golden(inner, name, got)
	}()
	<-done
	return inner.failed
}

func TestGolden(t *testing.T) {
	t.Parallel()
	if testkit.Update() {
		t.Skip("would rewrite the file that it compares")
	}
	const name, text = "render/plan_empty.tty80.txt", "milestone roll: nothing to do\n"
	if message := golden(t, name, "something else\n"); !strings.Contains(message, "testdata/"+name) || !strings.Contains(message, "-update") ||
		!strings.Contains(message, "something else") || !strings.Contains(message, strings.TrimSpace(text)) {
		t.Errorf("message for a difference: %q", message)
	}
	if message := golden(t, "render/no such file", text); !strings.Contains(message, "-update") {
		t.Errorf("message for a missing file: %q", message)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2018, time.August, 24, 16, 0, 0, 0, time.UTC)
	clock := testkit.At("2018-08-24T16:00:00Z")
	if !clock.Now().Equal(start) || !clock.Now().Equal(testkit.NewClock(start).Now()) {
		t.Errorf("the clock shows %v, want %v", clock.Now(), start)
	}
	clock.Advance(time.Hour)
	if err := clock.Sleep(t.Context(), time.Minute); err != nil || !clock.Now().Equal(start.Add(61*time.Minute)) {
		t.Errorf("the clock shows %v after an hour and a minute, %v", clock.Now(), err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.Sleep(ended, time.Minute); !errors.Is(err, context.Canceled) || !clock.Now().Equal(start.Add(61*time.Minute)) {
		t.Errorf("after an interrupted sleep the clock shows %v, %v", clock.Now(), err)
	}
	defer func() {
		if recover() == nil {
			t.Error("an invalid time was accepted")
		}
	}()
	testkit.At("yesterday")
}
