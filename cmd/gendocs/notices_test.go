package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// The go tool takes a while for each program and system.
var linkedOnce = sync.OnceValues(everyLinked)

// Every license of what a program links is one that a person has read and allowed, on each system.
func TestLicenses(t *testing.T) {
	t.Parallel()
	all, err := linkedOnce()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for build, modules := range all {
		for _, m := range modules {
			for _, l := range m.Licenses {
				seen[digest(l.Text)] = true
				if l.Kind == "" {
					t.Errorf("%s links %s: %s is not in licenses.txt. Read it, then add: %s", build, m.Name, l.File, digest(l.Text))
				}
			}
		}
	}
	for line := range strings.Lines(licenseList) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] != "#" && !seen[fields[0]] {
			t.Errorf("licenses.txt: no program links %s any longer", fields[1])
		}
	}
}

// A license is known by its words, and every word counts.
func TestDigest(t *testing.T) {
	t.Parallel()
	text := "Some License\n\nCopyright (c) 2024 A. Person\n\nYou may use it,\nfree of charge.\n"
	for _, same := range []string{
		"SOME LICENSE\r\nCopyright 1999 Somebody Else\r\nYou may use it, free of charge",
		"some license\n// Copyright (c) The Authors\nyou may\nuse it; free of charge.",
	} {
		if digest(text) != digest(same) {
			t.Errorf("not the same license: %q", same)
		}
	}
	for _, other := range []string{"", text + "Copyright notices must be printed on the screen.\n", text + "The software shall be used for good.", strings.Replace(text, "may", "may not", 1)} {
		if digest(text) == digest(other) {
			t.Errorf("taken for the same license: %q", other)
		}
	}
}

// Each system has its own modules, and the standard library and prodctl are part of every program.
func TestNoticesNameWhatIsLinked(t *testing.T) {
	t.Parallel()
	linked, err := linkedOnce()
	if err != nil {
		t.Fatal(err)
	}
	all := noticeFiles(linked)
	for name, want := range map[string][]string{
		"prodctl_linux.txt":       {"github.com/godbus/dbus/v5 ", "Permission is hereby granted, free of charge"},
		"prodctl_windows.txt":     {"github.com/danieljoos/wincred "},
		"prodctl-mcp_darwin.txt":  {"github.com/modelcontextprotocol/go-sdk "},
		"prodctl-mcp_linux.txt":   {"github.com/modelcontextprotocol/go-sdk "},
		"prodctl_darwin.txt":      nil,
		"prodctl-mcp_windows.txt": nil,
	} {
		for _, part := range append(want, "\nprodctl: MIT\n", "\nGo standard library go", ": BSD-3-Clause\n") {
			if !strings.Contains(all[name], part) {
				t.Errorf("%s has no %q", name, part)
			}
		}
	}
	if len(all) != 6 {
		t.Errorf("%d files, want 6", len(all))
	}
	for name, other := range map[string]string{"prodctl_linux.txt": "go-sdk", "prodctl_darwin.txt": "wincred"} {
		if slices.Contains(strings.FieldsFunc(all[name], func(r rune) bool { return r == '/' || r == ' ' }), other) {
			t.Errorf("%s names %s, which it does not link", name, other)
		}
	}
}
