package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/manifest/edit"
	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// Keys are the keys that can be set one by one, in the order of the documentation. A part * is a name that the team chooses.
func Keys() []string {
	return slices.DeleteFunc(manifest.Known(), func(key string) bool { return strings.Contains(key, "[]") })
}

// CheckKey returns an error for a key that does not exist, or that is in a list.
func CheckKey(key string) error {
	if at := strings.IndexByte(key, '['); at > 0 {
		return fault.New(fault.Usage, "Edit the list: prodctl config edit", "%s is in a list, whose items have no names", key)
	}
	known := Keys()
	above := key[:max(strings.LastIndexByte(key, '.'), 0)] // of a key that the team names, such as trackers.database
	for _, k := range known {
		section := slices.ContainsFunc(known, func(other string) bool { return strings.HasPrefix(other, k+".") })
		if matches(key, k) || matches(above, k) && !section {
			return nil
		}
	}
	err := fmt.Errorf("unknown key %q", key)
	if near := suggest.Nearest(key, known); near != "" {
		err = fmt.Errorf("unknown key %q; did you mean %s?", key, near)
	}
	return fault.Wrap(fault.Usage, err, "To see all keys: prodctl config show", "")
}

// matches reports whether a key is the known one, whose parts * are any name.
func matches(key, known string) bool {
	a, b := strings.Split(key, "."), strings.Split(known, ".")
	return len(a) == len(b) && !slices.ContainsFunc(a, func(s string) bool { return s == "" }) &&
		slices.EqualFunc(a, b, func(part, k string) bool { return k == "*" || part == k })
}

// Edited is the content of a file in which a key was set.
type Edited struct {
	Data []byte
	Line int    // that has the key
	Text string // of that line
}

// Set sets a key in the content of a configuration file, which is named in messages only. The value is YAML, or text that becomes a string
// or a list, whichever is valid. Everything else in the file stays. The result is a valid configuration.
func Set(name string, data []byte, key, value string) (Edited, error) {
	if err := CheckKey(key); err != nil {
		return Edited{}, err
	}
	var first error
	for _, form := range forms(value) {
		edited, line, err := edit.Set(data, strings.Split(key, "."), form)
		if hand, ok := errors.AsType[*edit.ByHandError](err); ok {
			return Edited{}, fault.Wrap(fault.Refused, err, fmt.Sprintf("Edit line %d: prodctl config edit", hand.Line), "")
		}
		if err == nil {
			_, err = manifest.Parse(name, edited)
		}
		if err == nil {
			text := strings.TrimRight(strings.Split(string(edited), "\n")[line-1], "\r")
			return Edited{edited, line, text}, nil
		}
		if first == nil {
			hint := "To see the value in use: prodctl config get " + fault.Quote(key)
			if faults, _ := errors.AsType[manifest.Faults](err); faults.OnlyRenamed() { // the value is valid
				hint = faults.FaultHint()
			}
			first = fault.Wrap(fault.Usage, err, hint, "%s was not set", key)
		}
	}
	return Edited{}, first
}

// Migrate gives keys that were renamed their new names in the content of a configuration file, which is named in messages only. Everything
// else stays, and a file without such keys stays as it is. The result is a valid configuration: other faults of the file are the error.
func Migrate(name string, data []byte) ([]byte, error) {
	_, err := manifest.Parse(name, data)
	faults, _ := errors.AsType[manifest.Faults](err)
	if !faults.OnlyRenamed() {
		return data, err
	}
	var keys []edit.Key
	for _, f := range faults {
		keys = append(keys, edit.Key{Line: f.Line, Column: f.Column, Name: f.Former, New: f.Name})
	}
	edited, err := edit.Rename(data, keys)
	if err != nil {
		return nil, fault.Wrap(fault.Refused, err, "Rename it in an editor: prodctl config edit --config "+fault.Quote(name), "%s", name)
	}
	_, err = manifest.Parse(name, edited)
	return edited, err
}

// forms are what a value on the command line may mean, as YAML on one line.
func forms(value string) []string {
	value = strings.TrimSpace(value)
	quoted := strconv.Quote(value)
	var items []string
	for item := range strings.SplitSeq(value, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
			if !simple().MatchString(item) {
				items[len(items)-1] = strconv.Quote(item)
			}
		}
	}
	all := []string{quoted, "[" + strings.Join(items, ", ") + "]"}
	var node yaml.Node
	if err := yaml.Unmarshal([]byte(value), &node); err != nil || len(node.Content) == 0 || comment(&node) || node.Content[0].Line != 1 {
		return all
	}
	if kind := node.Content[0]; kind.Kind == yaml.ScalarNode || kind.Style&yaml.FlowStyle != 0 {
		return append([]string{value}, all...)
	}
	return all
}

// simple matches texts that need no quotes in a list.
var simple = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\pL\d][\pL\d ._/-]*$`) })

// comment reports whether a part of the value is a comment in YAML.
func comment(n *yaml.Node) bool {
	return n.HeadComment+n.LineComment+n.FootComment != "" || slices.ContainsFunc(n.Content, comment)
}

// Replace replaces the content of a configuration file, if it is still the expected one. Its mode stays, and a link to it stays a link. The
// file has either content at any time.
func Replace(path string, before, after []byte) error {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	info, err := os.Stat(path)
	if err != nil {
		return fault.Plain(err)
	}
	if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, before) {
		return fault.New(fault.Refused, "Run the same command again", "%s was changed meanwhile, so it was not written", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".prodctl-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, fault.Plain(err))
	}
	defer func() { _ = os.Remove(f.Name()) }() // after a rename there is nothing left to remove
	_, err = f.Write(after)
	if err := errors.Join(err, f.Chmod(info.Mode().Perm()), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
