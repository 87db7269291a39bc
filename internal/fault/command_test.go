package fault

import "testing"

type ref string

func (r ref) String() string { return string(r) }

// Every value of a command in a hint is quoted for a shell.
func TestCommandQuotesValues(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"acme/production#8": "acme/production#8", "#8": "'#8'", "a b#8": "'a b#8'", "x#8;rm -rf ~": "'x#8;rm -rf ~'", "$(id)#1": "'$(id)#1'", "it's": `'it'\''s'`, "": "''",
	} {
		for _, v := range []any{value, ref(value)} {
			if got := Command("change show %s -n %d", v, 3); got != "prodctl change show "+want+" -n 3" {
				t.Errorf("%q: %s", value, got)
			}
		}
	}
}
