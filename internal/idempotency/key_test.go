package idempotency

import (
	"strings"
	"testing"
)

func key(t testing.TB, kind, name string) Key {
	t.Helper()
	k, err := NewKey(kind, name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestKeys(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"pipeline-123":              "<!-- prodctl:key=incident/pipeline-123 -->",
		"group/project#12@2026_x~y": "<!-- prodctl:key=incident/group/project#12@2026_x~y -->",
		"a--b":                      "<!-- prodctl:key=incident/sha256:90827a2e56361a8fd77208d8b32b17de -->",
	} {
		if got := key(t, "incident", name).Marker(); got != want {
			t.Errorf("%q: %s, want %s", name, got, want)
		}
	}
	for _, odd := range []string{"a b", "ä", "-a", "a-", "a>b", "a-->b", "line\nbreak", strings.Repeat("x", 121), "sha256:ac4f2de569cd7d1bdd1c2cd3164d4b2f"} {
		k := key(t, "incident", odd)
		if !strings.HasPrefix(k.Name(), "sha256:") || len(k.Name()) != 39 || k.Name() == odd {
			t.Errorf("%q became %s", odd, k)
		}
		if k == key(t, "incident", odd+"x") || k != key(t, "incident", odd) {
			t.Errorf("%q: its key is not unique", odd)
		}
	}
	for _, bad := range [][2]string{{"", "x"}, {"Incident", "x"}, {"a/b", "x"}, {"a--b", "x"}, {"a-", "x"}, {"incident", ""}, {"incident", " \n"}} {
		if k, err := NewKey(bad[0], bad[1]); err == nil || k != (Key{}) {
			t.Errorf("%q: %v, %v; want an error", bad, k, err)
		}
	}
}

func TestStampAndRead(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "k1")
	marker := k.Marker()
	for text, want := range map[string]string{
		"":                                     marker,
		" \r\n ":                               marker,
		"text":                                 "text\n\n" + marker,
		"two\r\nlines \r\n\r\n":                "two\nlines\n\n" + marker,
		marker:                                 marker,
		"text\n\n" + marker:                    "text\n\n" + marker,
		"x\n<!-- prodctl:key=incident/old -->": "x\n\n" + marker,
		"x\n" + marker + "\nmore":              "x\n" + marker + "\nmore\n\n" + marker,
	} {
		if got := Stamp(text, k); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string]bool{
		marker:                         true,
		"x\n" + marker + "\r\n \n":     true,
		"x\n" + marker + "\nmore":      true, // somebody added text below it
		"x\n" + marker + " \t\n\n- y":  true,
		marker + "\n<!-- prodctl:key=": true,
		marker + "\n<!-- x -->":        true,
		"> " + marker:                  false,
		" " + marker:                   false,
		"x " + marker:                  false,
		marker + " x":                  false,
		"<!-- prodctl:key=k1 -->":      false,
		"<!-- prodctl:key=a/b--c -->":  false,
		"<!-- prodctl:key=A/b -->":     false,
		"":                             false,
	} {
		if got, ok := Read(text); ok != want || ok && got != k {
			t.Errorf("%q: marker found: %v, %v", text, got, ok)
		}
	}
	other := key(t, "incident", "k2").Marker()
	for text, want := range map[string]Key{
		other + "\n\n" + marker:                k, // copied text comes before the own marker
		other + "\n" + marker + "\n> " + other: k,
		marker + "\n" + other + " below":       k,
	} {
		if got, ok := Read(text); !ok || got != want {
			t.Errorf("%q: read %v, want %v", text, got, want)
		}
	}
}

func TestUnstamped(t *testing.T) {
	t.Parallel()
	k := key(t, "handoff", "2018-08-24T04:00Z/EMEA")
	if k.Kind() != "handoff" {
		t.Errorf("kind %q", k.Kind())
	}
	for text, want := range map[string]string{
		Stamp("two\n\nlines", k): "two\n\nlines", Stamp("", k): "", Stamp("x", k) + "\r\n \n": "x", "plain ": "plain ", "> " + k.Marker(): "> " + k.Marker(),
		"x\n" + k.Marker() + "\nmore": "x\n" + k.Marker() + "\nmore",
	} {
		if got := Unstamped(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzStampAndRead(f *testing.F) {
	f.Add("incident", "k1", "text\n\n<!-- prodctl:key=incident/other -->\n")
	f.Add("note", "a-->b\n", "```\nunclosed")
	f.Add("x", "sha256:", "\r\r\n<!--")
	f.Fuzz(func(t *testing.T, kind, name, text string) {
		k, err := NewKey(kind, name)
		if err != nil {
			return
		}
		stamped := Stamp(text, k)
		if got, ok := Read(stamped); !ok || got != k {
			t.Errorf("%q: read %v, %v; want %v", stamped, got, ok, k)
		}
		if Stamp(stamped, k) != stamped {
			t.Errorf("%q was stamped twice", stamped)
		}
		// The changes that GitLab makes to a text when it stores it leave the marker alone.
		if got, ok := Read(strings.TrimSpace(strings.ReplaceAll(stamped, "\r", ""))); !ok || got != k {
			t.Errorf("the marker of %q does not survive", stamped)
		}
		if m := k.Marker(); strings.ContainsAny(m, "\n\r") || strings.Count(m, "--") != 2 || strings.Count(m, ">") != 1 {
			t.Errorf("marker %q", m)
		}
	})
}
