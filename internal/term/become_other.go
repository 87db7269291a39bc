//go:build !windows

package term

import (
	"os"
	"syscall"
)

func become(path string, args []string) error {
	return syscall.Exec(path, append([]string{path}, args...), os.Environ())
}
