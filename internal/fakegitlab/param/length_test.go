package param

import (
	"strings"
	"testing"
)

func TestTooLong(t *testing.T) {
	t.Parallel()
	if TooLong(strings.Repeat("ü", MaxTitle), MaxTitle) {
		t.Error("255 characters are too long")
	}
	if !TooLong(strings.Repeat("ü", MaxTitle+1), MaxTitle) {
		t.Error("256 characters are not too long")
	}
}

func TestMebibytes(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]string{
		MaxDescription + 1: "1 MiB", 3 << 19: "1.5 MiB", 10 << 20: "10 MiB", 1<<20 + 1<<14: "1.02 MiB",
		12<<20 + 1<<18 + 1: "12.3 MiB", 123<<20 + 1<<18: "123 MiB",
	} {
		if got := Mebibytes(size); got != want {
			t.Errorf("%d: got %s, want %s", size, got, want)
		}
	}
}
