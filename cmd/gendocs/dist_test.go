package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"cmp"
	"compress/gzip"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// artifact is a file that GoReleaser made.
type artifact struct {
	Name, Path, Type string
	Goos, Goarch     string
	Extra            struct{ ID, Format string }
}

// The archives, packages and casks of a release are complete, and the notices in an archive are those of what its program links.
// The step release of .ci/run makes them, and names their folder.
func TestDist(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("PRODCTL_DIST")
	if dir == "" {
		t.Skip("only in the step release of .ci/run")
	}
	data, err := os.ReadFile(filepath.Join(dir, "artifacts.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []artifact
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(dir, "checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, a := range all {
		switch a.Type {
		case "Archive":
			checkArchive(t, filepath.Dir(dir), a)
		case "Linux Package":
		case "Homebrew Cask":
			checkCask(t, filepath.Dir(dir), a, string(sums))
		default:
			continue
		}
		if a.Type != "Homebrew Cask" && !strings.Contains(string(sums), "  "+a.Name+"\n") {
			t.Errorf("checksums.txt has no %s", a.Name)
		}
		count[a.Type+" "+a.Extra.ID+" "+a.Extra.Format]++
	}
	want := map[string]int{"Homebrew Cask  ": 2}
	for _, program := range programs {
		want["Archive "+program+" tar.gz"], want["Archive "+program+" zip"] = 4, 2
	}
	for _, id := range []string{"packages", "mcp-packages"} {
		want["Linux Package "+id+" deb"], want["Linux Package "+id+" rpm"] = 2, 2
	}
	if !maps.Equal(count, want) {
		t.Errorf("got %v, want %v", count, want)
	}
}

func checkArchive(t *testing.T, root string, a artifact) {
	t.Helper()
	program, suffix := a.Extra.ID, ""
	if a.Goos == "windows" {
		suffix = ".exe"
	}
	contents, err := unpack(filepath.Join(root, a.Path))
	if err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	want := []string{program + suffix, "LICENSE", "THIRD-PARTY-NOTICES.txt"}
	if program == "prodctl" {
		want = append(want, "README.md", "CHANGELOG.md", "man/prodctl.1", "man/prodctl-incident-open.1", "man/prodctl-exit-codes.7",
			"completions/prodctl.bash", "completions/_prodctl", "completions/prodctl.fish", "completions/prodctl.ps1")
	} else {
		want = append(want, "mcp.md")
	}
	for _, name := range want {
		if len(contents[name]) == 0 {
			t.Errorf("%s has no %s, or it is empty: %q", a.Name, name, slices.Sorted(maps.Keys(contents)))
		}
	}
	build, err := buildinfo.Read(bytes.NewReader(contents[program+suffix]))
	if err != nil {
		t.Fatalf("%s: %v", a.Name, err)
	}
	var linked []string
	for _, m := range build.Deps {
		linked = append(linked, m.Path+" "+m.Version)
	}
	var noticed []string
	list, _, _ := strings.Cut(string(contents["THIRD-PARTY-NOTICES.txt"]), "=====")
	for line := range strings.Lines(list) {
		if name, _, ok := strings.Cut(line, ": "); ok && strings.Contains(name, "/") && strings.Contains(name, " v") {
			noticed = append(noticed, name)
		}
	}
	slices.Sort(linked)
	slices.Sort(noticed)
	if len(linked) < 30 || !slices.Equal(linked, noticed) {
		t.Errorf("%s links\n%q\nand its notices are of\n%q", a.Name, linked, noticed)
	}
	if sbom, err := os.ReadFile(filepath.Join(root, a.Path+".sbom.json")); err == nil { // skipped without syft
		checkSBOM(t, a.Name, sbom, append(linked, "stdlib "+strings.TrimPrefix(build.GoVersion, "go")))
	}
	for _, s := range build.Settings {
		if s.Key == "CGO_ENABLED" && s.Value != "0" || s.Key == "-trimpath" && s.Value != "true" {
			t.Errorf("%s was built with %s=%s", a.Name, s.Key, s.Value)
		}
	}
}

// checkSBOM requires that an SBOM lists every module, each as "path version".
func checkSBOM(t *testing.T, name string, data []byte, modules []string) {
	t.Helper()
	var sbom struct {
		Packages []struct{ Name, VersionInfo string }
	}
	if err := json.Unmarshal(data, &sbom); err != nil {
		t.Fatalf("the SBOM of %s: %v", name, err)
	}
	for _, m := range modules {
		if !slices.ContainsFunc(sbom.Packages, func(p struct{ Name, VersionInfo string }) bool {
			return p.Name+" "+strings.TrimPrefix(p.VersionInfo, "go") == m
		}) {
			t.Errorf("the SBOM of %s does not list %s", name, m)
		}
	}
}

// checkCask requires that a cask names the checksum of each archive for macOS and Linux.
func checkCask(t *testing.T, root string, a artifact, sums string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, a.Path))
	if err != nil {
		t.Fatal(err)
	}
	program, found := strings.TrimSuffix(a.Name, ".rb"), 0
	for line := range strings.Lines(sums) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if !strings.HasPrefix(name, program+"_") || !strings.HasSuffix(name, ".tar.gz") {
			continue
		}
		found++
		if !strings.Contains(string(text), sum) || !strings.Contains(string(text), "/"+strings.ReplaceAll(name, version(name), "#{version}")) {
			t.Errorf("%s has no %s:\n%s", a.Name, name, text)
		}
	}
	if found != 4 {
		t.Errorf("%s: %d archives, want 4", a.Name, found)
	}
	files, err := filepath.Glob(filepath.Join(root, "dist", program+"_*_linux_amd64.tar.gz"))
	if err != nil || len(files) != 1 {
		t.Fatalf("archives %q: %v", files, err)
	}
	contents, err := unpack(files[0])
	if err != nil {
		t.Fatal(err)
	}
	folder := program + "_" + version(filepath.Base(files[0])) + "/"
	links := regexp.MustCompile(`(?m)^  (?:binary|manpage|\w+_completion) "(.*)"$`).FindAllStringSubmatch(string(text), -1)
	for _, l := range links {
		if name, ok := strings.CutPrefix(l[1], folder); !ok || len(contents[name]) == 0 {
			t.Errorf("%s links %s, which the archive does not have below %s", a.Name, l[1], folder)
		}
	}
	if len(links) == 0 {
		t.Errorf("%s links nothing:\n%s", a.Name, text)
	}
}

// version returns the version in a file name like prodctl_1.0.0_linux_amd64.tar.gz.
func version(name string) string { return strings.Split(name, "_")[1] }

// unpack returns the files of an archive, without the folder that all of them are in.
func unpack(file string) (map[string][]byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	add := func(name string, r io.Reader) error {
		content, err := io.ReadAll(r)
		top, rest, _ := strings.Cut(path.Clean(name), "/")
		if parts := strings.Split(filepath.Base(file), "_"); rest == "" || top != parts[0]+"_"+parts[1] {
			return errors.Join(err, fmt.Errorf("%s is not in the folder %s_%s", name, parts[0], parts[1]))
		}
		out[rest] = content
		return err
	}
	if strings.HasSuffix(file, ".zip") {
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return nil, err
		}
		for _, f := range archive.File {
			r, err := f.Open()
			if err != nil {
				return nil, err
			}
			if err := add(f.Name, r); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	plain, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var first *tar.Header
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if first = cmp.Or(first, h); h.Uname != "root" || !h.ModTime.Equal(first.ModTime) {
			return nil, fmt.Errorf("%s is of %q at %v, the first file was of %q at %v", h.Name, h.Uname, h.ModTime, first.Uname, first.ModTime)
		}
		if h.Typeflag == tar.TypeReg {
			if err := add(h.Name, archive); err != nil {
				return nil, err
			}
		}
	}
}
