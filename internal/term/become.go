package term

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// Become replaces this process by another program of ours, with the same streams: the one next to this program, or else in PATH. It returns
// if that is not possible, and on Windows when the program has ended.
func Become(name string, args []string) error {
	path, err := beside(name)
	if err != nil {
		return err
	}
	return become(path, args)
}

// beside returns the path of a program. One that is only in the working directory is not used.
func beside(name string) (string, error) {
	if own, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(own); err == nil {
			own = real
		}
		path := filepath.Join(filepath.Dir(own), name)
		if runtime.GOOS == "windows" {
			path += ".exe"
		}
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path, nil
		}
	}
	path, err := exec.LookPath(name)
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("not found next to prodctl or in PATH")
	}
	return path, err
}
