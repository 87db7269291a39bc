package param

import "unicode/utf8"

// MaxTitle and MaxDescription are limits in characters.
const (
	MaxTitle       = 255
	MaxDescription = 1 << 20
)

// TooLong reports whether text has more than limit characters.
func TooLong(text string, limit int) bool {
	return len(text) > limit && utf8.RuneCountInString(text) > limit
}
