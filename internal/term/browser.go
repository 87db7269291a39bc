package term

import (
	"os/exec"
	"runtime"
	"strings"
)

// Browse opens an address in the user's browser: the one in the variable BROWSER, or the system's default. It does not wait for it.
func Browse(getenv func(string) string, address string) error {
	command := strings.Fields(getenv("BROWSER"))
	if len(command) == 0 {
		command = opener(runtime.GOOS)
	}
	cmd := exec.Command(command[0], append(command[1:], address)...)
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Process.Release()
}

// opener returns the system's command that opens an address.
func opener(system string) []string {
	switch system {
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	case "darwin":
		return []string{"open"}
	}
	return []string{"xdg-open"}
}
