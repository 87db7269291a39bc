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
