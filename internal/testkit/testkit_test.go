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

// told is what a test was told while it ran against golden files.
type told struct {
	testing.TB
	failed string
}

func (t *told) Helper() {}

func (t *told) Errorf(format string, args ...any) { t.failed = fmt.Sprintf(format, args...) }

func (t *told) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	runtime.Goexit()
}

func golden(t *testing.T, name, got string) string {
	t.Helper()
	inner := &told{TB: t}
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
		t.Skip("would write what it compares")
	}
	const name, text = "render/plan_empty.tty80.txt", "milestone roll: nothing to do.\n"
	if said := golden(t, name, "something else\n"); !strings.Contains(said, "testdata/"+name) || !strings.Contains(said, "-update") ||
		!strings.Contains(said, "something else") || !strings.Contains(said, strings.TrimSpace(text)) {
		t.Errorf("a difference is told as %q", said)
	}
	if said := golden(t, "render/no such file", text); !strings.Contains(said, "-update") {
		t.Errorf("a missing file is told as %q", said)
	}
}

func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2018, time.August, 24, 16, 0, 0, 0, time.UTC)
	clock := testkit.At("2018-08-24T16:00:00Z")
	if !clock.Now().Equal(start) || !clock.Now().Equal(testkit.NewClock(start).Now()) {
		t.Errorf("it shows %v, want %v", clock.Now(), start)
	}
	clock.Advance(time.Hour)
	if err := clock.Sleep(t.Context(), time.Minute); err != nil || !clock.Now().Equal(start.Add(61*time.Minute)) {
		t.Errorf("it shows %v after an hour and a minute, %v", clock.Now(), err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if err := clock.Sleep(over, time.Minute); !errors.Is(err, context.Canceled) || !clock.Now().Equal(start.Add(61*time.Minute)) {
		t.Errorf("an interrupted sleep shows %v, %v", clock.Now(), err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a time that is none is taken")
		}
	}()
	testkit.At("yesterday")
}
