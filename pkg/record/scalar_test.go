package record

import (
	"testing"

	"pgregory.net/rapid"
)

// Every YAML parser reads a bare value as this text, or as the number, boolean or time that it is.
func TestScalars(t *testing.T) {
	t.Parallel()
	bareOnes := []string{
		"S1", "api", "disk full", "it's (not) gone + 5%", "acme/infra#12", "a/b_c.d-e=f", "0", "12", "-3", "0.25", "3.1415", "90m", "1h30m", "2d", "true", "false",
		"2018-08-24T10:02:00Z", "https://x.test/a?b=c&d=%20#note_1", "http://localhost:8080/x", "https://x.test:1/", "Ünïcode", "日本", "deadbeef", "a#b", "a  b",
	}
	for _, s := range bareOnes {
		if got := scalar(s); got != s {
			t.Errorf("%q is written %s", s, got)
		}
	}
	for in, want := range map[string]string{
		"": `""`, "~": `"~"`, "null": `"null"`, "Null": `"Null"`, "yes": `"yes"`, "No": `"No"`, "on": `"on"`, "y": `"y"`, "True": `"True"`, "FALSE": `"FALSE"`,
		"10:02": `"10:02"`, "2018-08-24": `"2018-08-24"`, "2018-08-24 10:02": `"2018-08-24 10:02"`, "2018-99-99T10:02:00Z": `"2018-99-99T10:02:00Z"`,
		"2018-08-24T10:02:00.5Z": `"2018-08-24T10:02:00.5Z"`, "012": `"012"`, "0x1f": `"0x1f"`, "1e3": `"1e3"`, "1_000": `"1_000"`, "+1": `"+1"`, "-0": `"-0"`, ".5": `".5"`, ".inf": `".inf"`,
		"1.0": `"1.0"`, "0.00001": `"0.00001"`, "1234567890123456": `"1234567890123456"`, "12e4567": `"12e4567"`, "5xx": `"5xx"`,
		"a: b": `"a: b"`, "a:": `"a:"`, "a #b": `"a #b"`, "#12": `"#12"`, "- a": `"- a"`, "-a": `"-a"`, "[a]": `"[a]"`, "{a}": `"{a}"`, "a, b": `"a, b"`, "a]": `"a]"`, "&a": `"&a"`, "*a": `"*a"`, "!a": `"!a"`,
		"|": `"|"`, ">": `">"`, "%a": `"%a"`, "@all": `"@all"`, "`a`": "\"`a`\"", "'a'": `"'a'"`, `"a"`: `"\"a\""`, `a\b`: `"a\\b"`, "? a": `"? a"`, "<<": `"<<"`, "=": `"="`, "/close": `"/close"`, "---": `"---"`,
		"a\x1b[0m": `"a\x1b[0m"`, "\x00": `"\x00"`, "a\u00a0b": `"a\xa0b"`, "a\u202eb": `"a\u202eb"`, "\ufeff": `"\ufeff"`, "\U000e0041": `"\U000e0041"`, "😀": `"😀"`,
		"javascript:alert": `"javascript:alert"`, "https://x.test/ y": `"https://x.test/ y"`,
	} {
		if got := scalar(in); got != want {
			t.Errorf("%q is written %s, want %s", in, got, want)
		}
	}
	for _, s := range []string{"https://x.test/a", "2018-08-24T10:02:00Z"} { // a colon within a list is not safe everywhere
		if got := flowScalar(s); got != `"`+s+`"` {
			t.Errorf("in a list %q is written %s", s, got)
		}
	}
}

// Any value reads as it was written, by itself and in a list.
func TestScalarsReadBack(t *testing.T) {
	t.Parallel()
	bits := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"a", " ", ":", "#", " #", "#1", "-", "'", `"`, `\`, "[", "]", "{", ",", "~", "null", "true", "1", "0.5", "10:02", "|", ">", "\n", "\t", "\x1b", "\u2028", "\ufeff", "\xff", "`", "é",
	}))
	rapid.Check(t, func(t *rapid.T) {
		s := bits.Draw(t, "one") + bits.Draw(t, "two") + bits.Draw(t, "three")
		b, problems := Find(New("incident", Set("text", s), SetList("list", []string{s, "x", s}), Set("last", s)), "incident")
		text, _ := b.Get("text")
		list, _ := b.Get("list")
		last, _ := b.Get("last")
		want := []string{clean(s), "x", clean(s)}
		if clean(s) == "" {
			want = []string{"x"}
		}
		if len(problems) > 0 || text.Text != clean(s) || text.IsList || last.Text != clean(s) || !equal(list, Value{List: want, IsList: true}) {
			t.Errorf("%q: %+v, %+v, %+v, %v", s, text, list, last, problems)
		}
	})
}
