package fulltext

import (
	"fmt"
	"strings"
	"testing"
)

// names are the kinds as the table below has them; a blank has none.
var names = map[kind]string{
	asciiWord: "asciiWord", numWord: "numWord", hyphenated: "hyphenated", numHyphenated: "numHyphenated", wordPart: "wordPart",
	numPart: "numPart", email: "email", url: "url", host: "host", urlPath: "urlPath", file: "file", protocol: "protocol", tag: "tag",
	entity: "entity", unsignedInt: "unsignedInt", signedInt: "signedInt", decimal: "decimal", scientific: "scientific", version: "version",
}

func tokens(text string) string {
	var all []string
	s := &scanner{text: text}
	for k, token := s.next(); k != none; k, token = s.next() {
		if k != blank {
			all = append(all, fmt.Sprintf("%s:%s", names[k], token))
		}
	}
	return strings.Join(all, " | ")
}

// TestTokens has the tokens of PostgreSQL 17.
func TestTokens(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"Registry returns 500s", "asciiWord:Registry | asciiWord:returns | numWord:500s"},
		{"pager-4711", "asciiWord:pager | signedInt:-4711"},
		{"incident/pager-4711", "file:incident/pager-4711"},
		{"-- prodctl:key=incident/PD-Q1ABC --", "asciiWord:prodctl | asciiWord:key | file:incident/PD-Q1ABC"},
		{"foo_bar.baz-qux", "host:foo_bar.baz | asciiWord:qux"},
		{"path/to/file.go:12", "file:path/to/file.go | unsignedInt:12"},
		{"v1.2.3", "file:v1.2.3"},
		{"1.2.3", "version:1.2.3"},
		{"-1.2.3", "version:1.2.3"},
		{"ABC-123", "asciiWord:ABC | signedInt:-123"},
		{"foo-bar-12", "hyphenated:foo-bar | wordPart:foo | wordPart:bar | unsignedInt:12"},
		{"foo-2-bar", "asciiWord:foo | signedInt:-2 | asciiWord:bar"},
		{"R2-D2", "numHyphenated:R2-D2 | numPart:R2 | numPart:D2"},
		{"2b-2c", "numHyphenated:2b-2c | numPart:2b | numPart:2c"},
		{"500s-old", "numHyphenated:500s-old | numPart:500s | wordPart:old"},
		{"user@example.com", "email:user@example.com"},
		{"user.name_1@mail-1.example.com.", "email:user.name_1@mail-1.example.com"},
		{"https://status.example.com/a/b?c=d#e", "protocol:https:// | url:status.example.com/a/b?c=d#e | host:status.example.com | urlPath:/a/b?c=d#e"},
		{"http://", "protocol:http://"},
		{"x.example/it's#a", "url:x.example/it's#a | host:x.example | urlPath:/it's#a"},
		{"x.example/[a]!~%/?q=(b)", "url:x.example/[a]!~%/?q=(b) | host:x.example | urlPath:/[a]!~%/?q=(b)"},
		{"x.example/a{b}", "url:x.example/a | host:x.example | urlPath:/a | asciiWord:b"},
		{"x.example/a|b^c`d\\e", "url:x.example/a | host:x.example | urlPath:/a | asciiWord:b | asciiWord:c | asciiWord:d | asciiWord:e"},
		{"x.example/ a/b?c=d", "host:x.example | file:a/b | asciiWord:c | asciiWord:d"},
		{"ftp://host.example:21/x", "protocol:ftp:// | url:host.example:21/x | host:host.example:21 | urlPath:/x"},
		{"status.example.com:8080", "host:status.example.com:8080"},
		{"example.com//a", "url:example.com//a | host:example.com | urlPath://a"},
		{"a.b", "file:a.b"},
		{"a.bc", "host:a.bc"},
		{"a.b.cd", "host:a.b.cd"},
		{"10.0.0.1", "version:10.0.0.1"},
		{"10.0.0.1:80", "version:10.0.0.1 | unsignedInt:80"},
		{"1e5", "scientific:1e5"},
		{"1.5e-3", "scientific:1.5e-3"},
		{"-7", "signedInt:-7"},
		{"+7", "signedInt:+7"},
		{"7e", "numWord:7e"},
		{"3-4", "unsignedInt:3 | signedInt:-4"},
		{"2026-11-28", "unsignedInt:2026 | signedInt:-11 | signedInt:-28"},
		{"2026-11-28T10:00", "unsignedInt:2026 | signedInt:-11 | signedInt:-28 | numWord:T10 | unsignedInt:00"},
		{"~/notes.txt", "file:~/notes.txt"},
		{"../up/x", "file:../up/x"},
		{"./here", "file:./here"},
		{"/etc/hosts", "file:/etc/hosts"},
		{"..", "file:.."},
		{"a/..", "file:a/.."},
		{"&amp; &#12; &#x1F; &nope", "entity:&amp; | entity:&#12; | entity:&#x1F; | asciiWord:nope"},
		{"<b> <a href=\"x>y\"> <!-- c --> </i>", "tag:<b> | tag:<a href=\"x>y\"> | tag:<!-- c --> | tag:</i>"},
		{"<script>x y</script> z", "tag:<script> | tag:</script> | asciiWord:z"},
		{"a<b", "asciiWord:a | asciiWord:b"},
		{"50%off", "unsignedInt:50 | asciiWord:off"},
		{"@ada !5 #7", "asciiWord:ada | unsignedInt:5 | unsignedInt:7"},
		{"snake_case_name", "asciiWord:snake | asciiWord:case | asciiWord:name"},
		{"x_y@z.example", "email:x_y@z.example"},
		{"10-x.example.org", "host:10-x.example.org"},
		{"web_1/app.log", "asciiWord:web | file:1/app.log"},
		{"e.g. this", "file:e.g | asciiWord:this"},
		{"don't", "asciiWord:don | asciiWord:t"},
		{"a-1-b", "asciiWord:a | signedInt:-1 | asciiWord:b"},
		{"a--b", "asciiWord:a | asciiWord:b"},
		{"a-", "asciiWord:a"},
		{"-a", "asciiWord:a"},
		{"C++ C#", "asciiWord:C | asciiWord:C"},
	} {
		if got := tokens(tt.text); got != tt.want {
			t.Errorf("%q:\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

// TestStems has the words of PostgreSQL 17's English configuration.
func TestStems(t *testing.T) {
	t.Parallel()
	const words = "registry:registri registries:registri returns:return failing:fail failed:fail fails:fail running:run runs:run  " +
		"hopping:hop hoping:hope hoped:hope relational:relat conditional:condit rationalization:ration generalization:general  " +
		"vietnamization:vietnam predication:predic operator:oper feudalism:feudal decisiveness:decis hopefulness:hope  " +
		"callousness:callous formality:formal sensitivity:sensit sensibility:sensibl triplicate:triplic formative:format  " +
		"formalize:formal electricity:electr electrical:electr hopeful:hope goodness:good revival:reviv allowance:allow  " +
		"inference:infer airliner:airlin gyroscopic:gyroscop adjustable:adjust defensible:defens irritant:irrit  " +
		"replacement:replac adjustment:adjust dependent:depend adoption:adopt homologous:homolog communism:communism  " +
		"activate:activ angularity:angular effective:effect bowdlerize:bowdler probate:probat rate:rate cease:ceas  " +
		"controlling:control rolling:roll agreed:agre feed:feed plastered:plaster bled:bled motoring:motor sing:sing  " +
		"conflated:conflat troubled:troubl sized:size tanned:tan falling:fall hissing:hiss fizzed:fizz filing:file happy:happi  " +
		"say:say cry:cri enjoy:enjoy skis:ski skies:sky dying:die idly:idl gently:gentl early:earli news:news inning:inning  " +
		"canning:canning proceed:proceed exceeding:exceed succeeded:succeed generous:generous generate:generat  " +
		"communicate:communic arsenal:arsenal universe:univers apologies:apolog apology:apolog possibly:possibl entirely:entir  " +
		"normally:normal lessly:lessli fluently:fluentli yes:yes ties:tie cries:cri gas:gas this: kiwis:kiwi yellow:yellow  " +
		"youth:youth boy:boy owing:owe"
	for entry := range strings.FieldsSeq(words) {
		word, want, _ := strings.Cut(entry, ":")
		if got := lexemeOf(asciiWord, word); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
}
