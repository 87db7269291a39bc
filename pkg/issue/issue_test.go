package issue

import "testing"

func TestParseRef(t *testing.T) {
	const home = "acme/infrastructure"
	aliases := map[string]string{"production": "acme/production", "infra": home}
	for typed, want := range map[string]Ref{
		"7":                    {home, 7},
		"42":                   {home, 42},
		" #118 ":               {home, 118},
		"production#3":         {"acme/production", 3},
		"infra#12":             {home, 12},
		"group/sub/project#90": {"group/sub/project", 90},
		"group/sub/p2#90":      {"group/sub/p2", 90},
		"https://gitlab.example.test/acme/production/-/issues/12":           {"acme/production", 12},
		"http://gitlab.example.test/acme/production/-/work_items/12#note_4": {"acme/production", 12},
	} {
		if got, err := ParseRef(typed, home, aliases); err != nil || got != want {
			t.Errorf("ParseRef(%q) = %v, %v, want %v", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "#", "0", "x", "x12", "nobody#4", "acme/production#", "acme/production#x", "12#", "1 2", "99999999999999999999",
		"https://gitlab.example.test/acme/production/-/merge_requests/12"} {
		if got, err := ParseRef(typed, home, aliases); err == nil {
			t.Errorf("ParseRef(%q) = %v, want an error", typed, got)
		}
	}
}

func FuzzParseRef(f *testing.F) {
	f.Add("acme/x#1")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseRef(s, "acme/home", map[string]string{"a": "acme/a"})
		if err != nil {
			return
		}
		if again, err := ParseRef(r.String(), "", nil); err != nil || again != r {
			t.Fatalf("%q is %v, which reads back as %v, %v", s, r, again, err)
		}
	})
}
