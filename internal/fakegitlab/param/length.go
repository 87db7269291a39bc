package param

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxTitle is a limit in characters, MaxDescription one in bytes.
const (
	MaxTitle       = 255
	MaxDescription = 1 << 20
)

// Mebibytes writes a size of at least 1 MiB with at most three digits that count, as in 1.5 MiB.
func Mebibytes(size int) string {
	number := float64(size) / (1 << 20)
	digits := 2
	for limit := 10.0; number >= limit && digits > 0; limit *= 10 {
		digits--
	}
	text := strconv.FormatFloat(number, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + " MiB"
}

// TooLong reports whether text has more than limit characters.
func TooLong(text string, limit int) bool {
	return len(text) > limit && utf8.RuneCountInString(text) > limit
}
