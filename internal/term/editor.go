package term

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Edit opens a file in the user's editor: the command in VISUAL or EDITOR, which may have arguments, or else the first known editor that
// is installed. It returns when the editor exits.
func Edit(getenv func(string) string, file string) error {
	command, err := editor(getenv, func(name string) bool {
		_, err := exec.LookPath(name)
		return err == nil
	}, runtime.GOOS)
	if err != nil {
		return err
	}
	cmd := exec.Command(command[0], append(command[1:], file)...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stderr, os.Stderr // standard output is for results
	if err := cmd.Run(); err != nil {
		return fault.Wrap(fault.Failed, err, "Set EDITOR to another editor, or use flags instead", "editor %s failed", command[0])
	}
	return nil
}

// editor returns the command to which the file name is appended.
func editor(getenv func(string) string, installed func(string) bool, system string) ([]string, error) {
	for _, name := range []string{"VISUAL", "EDITOR"} {
		if words := strings.Fields(getenv(name)); len(words) > 0 {
			return words, nil
		}
	}
	known := []string{"nano", "vi"}
	if system == "windows" {
		known = []string{"notepad"}
	}
	for _, name := range known {
		if installed(name) {
			return []string{name}, nil
		}
	}
	err := errors.New("VISUAL and EDITOR are not set, and " + strings.Join(known, " or ") + " is not installed")
	return nil, fault.Wrap(fault.Usage, err, "Set EDITOR, or use flags instead", "no editor found")
}
