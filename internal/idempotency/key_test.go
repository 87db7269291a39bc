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
	for _, odd := range []string{"a b", "ä", "-a", "a-", "a>b", "a-->b", "line\nbreak", strings.Repeat("x", 121), "sha256:ac4f", "sha256:AC4f2de569cd7d1bdd1c2cd3164d4b2f"} {
		k := key(t, "incident", odd)
		if !strings.HasPrefix(k.Name(), "sha256:") || len(k.Name()) != 39 || k.Name() == odd {
			t.Errorf("%q became %s", odd, k)
		}
		if k == key(t, "incident", odd+"x") || k != key(t, "incident", odd) {
			t.Errorf("%q: its key is not unique", odd)
		}
	}
	hashed := key(t, "incident", "a b")
	if again := key(t, "incident", hashed.Name()); again != hashed {
		t.Errorf("the name that an error prints makes another key: %s, %s", again, hashed)
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
	marker, trailer := k.Marker(), k.Marker()+"\n<!-- prodctl:id="+k.Word()+" -->"
	for text, want := range map[string]string{
		"":                                     trailer,
		" \r\n ":                               trailer,
		"text":                                 "text\n\n" + trailer,
		"two\r\nlines \r\n\r\n":                "two\nlines\n\n" + trailer,
		marker:                                 trailer,
		trailer:                                trailer,
		"text\n\n" + marker:                    "text\n\n" + trailer,
		"x\n<!-- prodctl:key=incident/old -->": "x\n\n" + trailer,
		"x\n" + trailer + "\nmore":             "x\n" + trailer + "\nmore\n\n" + trailer,
		"x\n<!-- prodctl:id=p0 -->":            "x\n<!-- prodctl:id=p0 -->\n\n" + trailer,
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

// The word of a key is published: a letter and 20 digits, which every GitLab's search takes for one word.
func TestWord(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, name := range []string{"pager-4711", "pager-4712", "PD-Q1ABC", "my key", "v1.2.3", "job/123/456", "a:b", "ünï-côde", "https://x.example/alert?id=5", "50%off"} {
		for _, kind := range []string{"incident", "change"} {
			k := key(t, kind, name)
			w := k.Word()
			if len(w) != 21 || w[0] != 'p' || strings.Trim(w[1:], "0123456789abcdef") != "" || seen[w] != "" {
				t.Errorf("%s: %q, also that of %q", k, w, seen[w])
			}
			seen[w] = k.String()
		}
	}
	if got := key(t, "incident", "pager-4711").Word(); got != "p0c9562bef13c314b71fc" {
		t.Errorf("the published word changed: %s", got)
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
		"x\n" + k.Marker() + "\nmore": "x\n" + k.Marker() + "\nmore", "old\n\n" + k.Marker(): "old",
		"x\n\n<!-- prodctl:id=" + k.Word() + " -->": "x\n\n<!-- prodctl:id=" + k.Word() + " -->",
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

// Keys of neighboring days with the same words are near.
func TestNear(t *testing.T) {
	t.Parallel()
	k := key(t, "incident", "auto-20180901-c4d7d4318a0c-2.17")
	for name, want := range map[string]bool{
		"auto-20180901-c4d7d4318a0c-2.17": true, "auto-20180831-c4d7d4318a0c-2.17": true, "auto-20180902-c4d7d4318a0c-2.17": true,
		"auto-20180830-c4d7d4318a0c-2.17": false, "auto-20180903-c4d7d4318a0c-2.17": false, "auto-20180831-c4d7d4318a0c-2.18": false,
		"auto-20180831-c4d7d4318a0c.17": false, "auto-20180832-c4d7d4318a0c-2.17": false, "ci-20180831-c4d7d4318a0c-2.17": false, "c4d7d4318a0c-2.17": false,
	} {
		if other := key(t, "incident", name); other.Near(k) != want || k.Near(other) != want {
			t.Errorf("%s is near %s: want %v", other, k, want)
		}
	}
	if key(t, "change", "auto-20180901-c4d7d4318a0c-2.17").Near(k) || key(t, "incident", "pager").Near(key(t, "incident", "pager")) {
		t.Error("another kind, or a key without a day, is near")
	}
}

// What has the key of the day before or after is the one to create, unless it is closed.
func TestKeyOfTheDayBefore(t *testing.T) {
	t.Parallel()
	today, before := key(t, "incident", "auto-20180825-c4d7"), key(t, "incident", "auto-20180824-c4d7")
	for closed, want := range map[bool]Outcome{false: Existed, true: Created} {
		p := &place{things: []*thing{{id: 1, text: Stamp("x", before), author: "me", closed: closed}}}
		if _, outcome, err := FindOrCreate(t.Context(), today, false, session{place: p, user: "me"}); err != nil || outcome != want {
			t.Errorf("closed %v: %v, %v", closed, outcome, err)
		}
	}
}

// The word is appended to a text with a key that lacks it, once, and to no other text.
func TestAddWord(t *testing.T) {
	t.Parallel()
	key, err := NewKey("incident", "pager-1")
	if err != nil {
		t.Fatal(err)
	}
	word := strings.TrimPrefix(key.Trailer(), key.Marker()+"\n")
	for text, want := range map[string]string{
		"":                             "",
		"No key.":                      "No key.",
		"Quoted: " + key.Marker():      "Quoted: " + key.Marker(),
		"Text.\n\n" + key.Marker():     "Text.\n\n" + key.Trailer(),
		key.Marker() + "\nBelow.":      key.Marker() + "\nBelow.\n\n" + word,
		key.Trailer() + "\n\nBelow.":   key.Trailer() + "\n\nBelow.",
		word + "\r\n" + key.Marker():   word + "\r\n" + key.Marker(),
		key.Marker() + " \nx " + word:  key.Marker() + " \nx " + word + "\n\n" + word,
		Stamp("Text.", key) + "\nMore": Stamp("Text.", key) + "\nMore",
	} {
		got, lacks := AddWord(text)
		if again, still := AddWord(got); got != want || lacks != (got != text) || still || again != got {
			t.Errorf("%q: %q, %v", text, got, lacks)
		}
	}
}
