package term

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Edit lets the person write in a file: with the editor that the variable VISUAL or EDITOR names, which may have arguments, or else with
// the first of some that is there. It returns when the editor has ended.
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
		return fault.Wrap(fault.Failed, err, "set EDITOR to the editor that you like, or say it with flags", "the editor %s", command[0])
	}
	return nil
}

// editor is the command before the file's name.
func editor(getenv func(string) string, there func(string) bool, system string) ([]string, error) {
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
		if there(name) {
			return []string{name}, nil
		}
	}
	err := errors.New("neither VISUAL nor EDITOR is set, and none of " + strings.Join(known, ", ") + " is there")
	return nil, fault.Wrap(fault.Usage, err, "set EDITOR, or say it with flags", "no editor")
}
