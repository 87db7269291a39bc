//go:build !windows

package term

import "os"

// enableEscapes does nothing: terminals understand escape sequences here.
func enableEscapes(...*os.File) {}
