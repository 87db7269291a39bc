package credential

import (
	"path/filepath"
	"slices"
	"strings"
)

const trustHead = "# What files found in working directories may say of where a token goes. Remove a line to be asked again.\n"

func (s Store) trustPath() string { return filepath.Join(s.Dir, "trusted") }

// trusted are the lines of the list of what its owner agreed to.
func (s Store) trusted() ([]string, error) {
	data, err := readPrivate(s.trustPath())
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Split(string(data), "\n"), func(line string) bool {
		return line == "" || strings.HasPrefix(line, "#")
	}), nil
}

// oneLine joins claims so that no path can pose as another claim or another line.
func oneLine(claims []string) string {
	escaped := make([]string, len(claims))
	for i, c := range claims {
		escaped[i] = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(c)
	}
	return strings.Join(escaped, "\t")
}
