package history

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTitleBefore(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		remark, after string
		want          []string
		other         bool
	}{
		"a piece":                  {remark: "changed title from **Roll {-out-} it** to **Roll {+back+} it**", after: "Roll back it", want: []string{"Roll out it"}},
		"only more":                {remark: "changed title from **Roll** to **Roll{+ back+}**", after: "Roll back", want: []string{"Roll"}},
		"only less":                {remark: "changed title from **Roll{- back-}** to **Roll**", after: "Roll", want: []string{"Roll back"}},
		"all of it":                {remark: "changed title from **{-a-}** to **{+b+}**", after: "b", want: []string{"a"}},
		"several pieces":           {remark: "changed title from **{-A-}b{-C-}d** to **{+a+}b{+c+}d**", after: "abcd", want: []string{"AbCd"}},
		"not to this title":        {remark: "changed title from **{-a-}** to **{+b+}**", after: "c"},
		"a mark in the title":      {remark: "changed title from **{-x-} a{-1-}** to **{-x-} a{+2+}**", after: "{-x-} a2", want: []string{"{-x-} a1"}},
		"a title like a remark":    {remark: "changed title from **a** to **b{-1-}** to **a** to **b{+2+}**", after: "a** to **b2", want: []string{"a** to **b1"}},
		"an end in the title":      {remark: "changed title from **{-a-}b-}c** to **c**", after: "c", want: []string{"a-}bc"}},
		"two ways":                 {remark: "changed title from **{-a-}{-b-}c** to **c**", after: "c", want: []string{"a-}{-bc", "abc"}},
		"another remark":           {remark: "changed the description", after: "a", other: true},
		"in words of another time": {remark: "changed title to b", after: "b"},
	} {
		was, isTitle := titleBefore(tt.remark, tt.after)
		if isTitle == tt.other || !slices.Equal(was, tt.want) {
			t.Errorf("%s: %q, %v; want %q", name, was, isTitle, tt.want)
		}
	}
	marks := strings.Repeat("{-a-}a", 60)
	if was, _ := titleBefore("changed title from **"+marks+"** to **"+strings.Repeat("a", 60)+"**", strings.Repeat("a", 60)); len(was) < 1 {
		t.Error("a title full of marks is not read")
	}
}

// TestTitleMarked: the title before is among the readings of a remark, whatever the titles look like, and plain ones are read in one way.
func TestTitleMarked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		alphabet := rapid.SampledFrom([][]string{{"a", "b", " ", "ö"}, {"a", "{-", "-}", "{+", "+}", "** to **"}}).Draw(t, "alphabet")
		text := func(name string) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 3).Draw(t, name), "")
		}
		mark := func(s, open, shut string) string {
			if s == "" {
				return ""
			}
			return open + s + shut
		}
		begin, old, fresh, end := text("begin"), text("old"), text("new"), text("end")
		remark := "changed title from **" + begin + mark(old, "{-", "-}") + end + "** to **" + begin + mark(fresh, "{+", "+}") + end + "**"
		was, isTitle := titleBefore(remark, begin+fresh+end)
		if !isTitle || !slices.Contains(was, begin+old+end) && len(was) < maxReadings || alphabet[1] == "b" && len(was) != 1 {
			t.Fatalf("%s: %q", remark, was)
		}
	})
}
