package cli_test

import (
	"syscall"
	"testing"
)

// watchOpens reports, when it is called, whether one of the files was opened since.
func watchOpens(t *testing.T, files ...string) (opened func() bool) {
	t.Helper()
	fd, err := syscall.InotifyInit1(syscall.IN_NONBLOCK | syscall.IN_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Close(fd) })
	for _, file := range files {
		if _, err := syscall.InotifyAddWatch(fd, file, syscall.IN_OPEN); err != nil {
			t.Fatal(err)
		}
	}
	return func() bool {
		n, _ := syscall.Read(fd, make([]byte, 4096))
		return n > 0
	}
}
