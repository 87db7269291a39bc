package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// programs are the programs of a release, and systems those that it is built for.
var (
	programs = []string{"prodctl", "prodctl-mcp"}
	systems  = []string{"linux", "darwin", "windows"}
)

// licenseList lists the license texts that a program may contain. A person has read each of them.
//
//go:embed licenses.txt
var licenseList string

// module is a module of which a program links packages, or the standard library.
type module struct {
	Name     string // "golang.org/x/text v0.41.0"
	Licenses []license
}

// license is a file with a license, or with a notice that belongs to one.
type license struct {
	File string
	Kind string // an SPDX expression; empty if the text is not in the list
	Text string
}

// everyLinked returns what each program links on each system, under names such as "prodctl_linux".
func everyLinked() (map[string][]module, error) {
	out := map[string][]module{}
	for _, program := range programs {
		for _, system := range systems {
			modules, err := linked(program, system)
			if err != nil {
				return nil, err
			}
			out[program+"_"+system] = modules
		}
	}
	return out, nil
}

// noticeFiles returns a file for each program and system, with the licenses of all that the program contains.
func noticeFiles(all map[string][]module) files {
	out := files{}
	for name, modules := range all {
		out[name+".txt"] = notices(strings.ReplaceAll(name, "_", " for "), modules)
	}
	return out
}

// linked returns prodctl itself, the standard library, and the modules whose packages a program links on a system. It asks for amd64:
// the step release of .ci/run compares the list with the modules that each binary names.
func linked(program, system string) ([]module, error) {
	env, err := goTool("", "env", "GOVERSION", "GOROOT", "GOMOD")
	if err != nil {
		return nil, err
	}
	if len(env) != 3 {
		return nil, fmt.Errorf("go env: unexpected answer %q", env)
	}
	const format = "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}\t{{$.Dir}}{{end}}{{end}}"
	packages, err := goTool(system, "list", "-deps", "-f", format, "gitlab.com/prodctl/prodctl/cmd/"+program)
	if err != nil {
		return nil, err
	}
	slices.Sort(packages)
	root := filepath.Dir(env[2])
	lines := append([]string{"prodctl\t" + root + "\t" + root, "Go standard library " + env[0] + "\t" + env[1] + "\t" + env[1]}, packages...)
	var out []module
	for _, line := range lines {
		fields := strings.Split(line, "\t")
		if len(fields) != 3 {
			return nil, fmt.Errorf("go list: unexpected line %q", line)
		}
		found, err := licensesOf(fields[1], fields[2])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fields[0], err)
		}
		if n := len(out); n == 0 || out[n-1].Name != fields[0] {
			out = append(out, module{Name: fields[0]})
		}
		m := &out[len(out)-1]
		for _, l := range found {
			if !slices.Contains(m.Licenses, l) {
				m.Licenses = append(m.Licenses, l)
			}
		}
	}
	return out, nil
}

// licenseFile are the names of files with licenses and with the notices that they require to be passed on.
var licenseFile = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying|notice)([-.](\w+))?$`)
})

// licensesOf returns the licenses of a package: those in its folder and in each folder above it, up to that of its module.
func licensesOf(root, dir string) ([]license, error) {
	var out []license
	for {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if !e.Type().IsRegular() || !licenseFile().MatchString(e.Name()) || filepath.Ext(e.Name()) == ".go" {
				continue
			}
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			name, err := filepath.Rel(root, filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, err
			}
			out = append(out, license{filepath.ToSlash(name), kindOf(string(text)), string(text)})
		}
		if dir == root {
			break
		}
		dir = filepath.Dir(dir)
	}
	if len(out) == 0 {
		return nil, errors.New("no license found")
	}
	return out, nil
}

// kindOf returns the SPDX expression of a license text, or "" if the list does not have the text.
func kindOf(text string) string {
	want := digest(text)
	for line := range strings.Lines(licenseList) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[0] == want {
			return strings.Join(fields[2:], " ")
		}
	}
	return ""
}

// digest identifies a license text by its words: letter case, line breaks, punctuation and the lines of the copyright do not matter.
func digest(text string) string {
	var words []string
	for line := range strings.Lines(strings.ToLower(text)) {
		if !owner().MatchString(line) {
			words = append(words, word().FindAllString(line, -1)...)
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return hex.EncodeToString(sum[:8])
}

var (
	word  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\pL\pN]+`) })
	owner = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\W*copyright (\(c\)|©|\d{4})`) })
)

// notices returns the text of a file with licenses.
func notices(build string, modules []module) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Licenses of everything that %s contains.\n\n", build)
	b.WriteString("The source code of prodctl is at https://gitlab.com/prodctl/prodctl.\n")
	b.WriteString("To get the source code of a module: go mod download -json MODULE@VERSION\n\n")
	for _, m := range modules {
		var kinds []string
		for _, l := range m.Licenses {
			if !slices.Contains(kinds, l.Kind) {
				kinds = append(kinds, l.Kind)
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", m.Name, strings.Join(kinds, ", "))
	}
	for _, m := range modules {
		for _, l := range m.Licenses {
			fmt.Fprintf(&b, "\n%s\n%s, %s\n\n%s\n", strings.Repeat("=", 80), m.Name, l.File, strings.TrimSpace(l.Text))
		}
	}
	return b.String()
}

// goTool returns the lines that a command of the go tool prints for a system; empty means this one.
func goTool(system string, args ...string) ([]string, error) {
	cmd := exec.Command("go", args...)
	if system != "" {
		cmd.Env = append(cmd.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	}
	out, err := cmd.Output()
	if failed := new(exec.ExitError); errors.As(err, &failed) {
		return nil, fmt.Errorf("go %s: %w: %s", args[0], err, bytes.TrimSpace(failed.Stderr))
	}
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n"), nil
}
