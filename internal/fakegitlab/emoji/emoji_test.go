package emoji

import "testing"

func TestName(t *testing.T) {
	t.Parallel()
	for alias, want := range map[string]string{
		"thumbsup": "thumbsup", "+1": "thumbsup", "thumbs_up": "thumbsup", ":+1:": "thumbsup", "-1": "thumbsdown",
		"tada": "tada", "party_popper": "tada", "rocket": "rocket", ":tractor:": "tractor", "100": "100",
		"hankey": "poop", "flag_de": "flag_de", "de": "flag_de", "thumbsup_tone3": "thumbsup_tone3",
		"+1_tone3": "thumbsup_tone3", "thumbs_up_medium_skin_tone": "thumbsup_tone3", "melting_face": "melting_face",
		"handshake_light_skin_tone_dark_skin_tone": "handshake_light_skin_tone_dark_skin_tone",
	} {
		if got, ok := Name(alias); got != want || !ok {
			t.Errorf("%s: got %q, %t, want %q", alias, got, ok, want)
		}
	}
	for _, unknown := range []string{"", ":", "::", "nonsense", "Rocket", "rocket:", ":rocket", "::rocket::", " rocket", "thumbsup_tone6", "tanuki"} {
		if got, ok := Name(unknown); ok {
			t.Errorf("%q: got %q, want none", unknown, got)
		}
	}
}

func TestNumberOfEmoji(t *testing.T) {
	t.Parallel()
	primary := map[string]bool{}
	for _, name := range names() {
		primary[name] = true
	}
	if len(primary) < 3700 || len(names()) < 5400 {
		t.Errorf("got %d emoji with %d names, want all of them", len(primary), len(names()))
	}
}
