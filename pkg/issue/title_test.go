package issue

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestSameTitle(t *testing.T) {
	t.Parallel()
	const title = "Störung: Registry returns 500s"
	for _, same := range []string{
		title, "2018-08-24: " + title, "2018-08-24:" + title, " 2018-08-24:  " + title + " ", norm.NFD.String(title), norm.NFKD.String(title), norm.NFC.String(title),
		strings.ToUpper(title), "störung:\tregistry  returns\n500S", strings.Replace(title, "Registry", "\u00a0Ｒegistry", 1), "2018-08-24: " + norm.NFD.String(strings.ToUpper(title)),
	} {
		if !SameTitle(title, same) || !SameTitle(same, title) {
			t.Errorf("%q is another title: %q", same, NormalTitle(same))
		}
	}
	for _, other := range []string{"", "Storung: Registry returns 500s", title + "!", "2018-13-24: " + title, "2018-08-24 " + title, "a 2018-08-24: " + title, "2018-08-24: 2018-08-24: " + title} {
		if SameTitle(title, other) {
			t.Errorf("%q is the same title", other)
		}
	}
	long := Draft{Title: "2018-08-24: " + strings.Repeat("Störung ", 40)}
	if !SameTitle(long.Fitted().Title, strings.Repeat("störung ", 40)) || SameTitle(long.Fitted().Title, strings.Repeat("störung ", 20)) || SameTitle("Stör…", "Störung") {
		t.Error("a title that was cut is compared up to the cut")
	}
	if !SameTitle("ask @\u200bdev", "Ask @dev") {
		t.Error("invisible characters count")
	}
	if SameTitle("2018-08-24:", "2018-08-25:") || SameTitle("2018-08-24: ", "") {
		t.Error("a date alone is a title")
	}
}

func TestNormalTitleIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		title := strings.TrimSpace(rapid.String().Draw(t, "title"))
		once := NormalTitle(title)
		for name, form := range map[string]norm.Form{"NFC": norm.NFC, "NFD": norm.NFD, "NFKC": norm.NFKC, "NFKD": norm.NFKD} {
			if got := NormalTitle(form.String(title)); got != once {
				t.Errorf("%s of %q: %q, want %q", name, title, got, once)
			}
		}
	})
}
