package term

import (
	"os"

	"golang.org/x/sys/windows"
)

// enableEscapes makes consoles interpret escape sequences. Consoles that cannot would print them as text.
func enableEscapes(files ...*os.File) {
	for _, f := range files {
		var mode uint32
		handle := windows.Handle(f.Fd())
		if windows.GetConsoleMode(handle, &mode) == nil {
			_ = windows.SetConsoleMode(handle, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING)
		}
	}
}
