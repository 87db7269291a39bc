package credential

import (
	"path/filepath"
	"slices"
	"strings"
)

const trustHeader = "# Settings from files in working directories for which your tokens may be used. Delete a line to be asked again.\n"

func (s Store) trustPath() string { return filepath.Join(s.Dir, "trusted") }

// trusted returns the lines of the list of claims to which the owner agreed.
func (s Store) trusted() ([]string, error) {
	data, err := readPrivate(s.trustPath())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(string(data), "\n"), func(line string) bool {
		return line == "" || strings.HasPrefix(line, "#")
	}), nil
}

// oneLine joins claims. It escapes them, so that a path cannot look like another claim or another line.
func oneLine(claims []string) string {
	escaped := make([]string, len(claims))
	for i, c := range claims {
		escaped[i] = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(c)
	}
	return strings.Join(escaped, "\t")
}
