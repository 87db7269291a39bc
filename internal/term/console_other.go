//go:build !windows

package term

import "os"

// enableEscapes has nothing to do where terminals understand escape sequences anyway.
func enableEscapes(...*os.File) {}
