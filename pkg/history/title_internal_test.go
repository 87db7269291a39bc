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
		note, after string
		want        []string
		other       bool
	}{
		"a piece":                       {note: "changed title from **Roll {-out-} it** to **Roll {+back+} it**", after: "Roll back it", want: []string{"Roll out it"}},
		"only more":                     {note: "changed title from **Roll** to **Roll{+ back+}**", after: "Roll back", want: []string{"Roll"}},
		"only less":                     {note: "changed title from **Roll{- back-}** to **Roll**", after: "Roll", want: []string{"Roll back"}},
		"all of it":                     {note: "changed title from **{-a-}** to **{+b+}**", after: "b", want: []string{"a"}},
		"several pieces":                {note: "changed title from **{-A-}b{-C-}d** to **{+a+}b{+c+}d**", after: "abcd", want: []string{"AbCd"}},
		"not to this title":             {note: "changed title from **{-a-}** to **{+b+}**", after: "c"},
		"a marker in the title":         {note: "changed title from **{-x-} a{-1-}** to **{-x-} a{+2+}**", after: "{-x-} a2", want: []string{"{-x-} a1"}},
		"a title like a system note":    {note: "changed title from **a** to **b{-1-}** to **a** to **b{+2+}**", after: "a** to **b2", want: []string{"a** to **b1"}},
		"a closing marker in the title": {note: "changed title from **{-a-}b-}c** to **c**", after: "c", want: []string{"a-}bc"}},
		"two readings":                  {note: "changed title from **{-a-}{-b-}c** to **c**", after: "c", want: []string{"a-}{-bc", "abc"}},
		"HTML": {note: `<p>changed title from <code class="idiff">Roll <span class="idiff left right deletion">out</span> it</code> to ` +
			`<code class="idiff">Roll <span class="idiff left right addition">back</span> it</code></p>`, after: "Roll back it", want: []string{"Roll out it"}},
		"HTML with escapes": {note: `<p>changed title from <code class="idiff">a &lt;b&gt; &amp; <span class="idiff left right deletion">&quot;c&quot;</span></code> to ` +
			`<code class="idiff">a &lt;b&gt; &amp; <span class="idiff left right addition">&#39;c&#39;</span></code></p>`, after: "a <b> & 'c'", want: []string{`a <b> & "c"`}},
		"HTML to another title":      {note: `<p>changed title from <code class="idiff">a</code> to <code class="idiff">b</code></p>`, after: "c"},
		"another system note":        {note: "changed the description", after: "a", other: true},
		"the form of an old version": {note: "changed title to b", after: "b"},
	} {
		before, isTitle := titleBefore(tt.note, tt.after)
		if isTitle == tt.other || !slices.Equal(before, tt.want) {
			t.Errorf("%s: %q, %v; want %q", name, before, isTitle, tt.want)
		}
	}
	marks := strings.Repeat("{-a-}a", 60)
	if before, _ := titleBefore("changed title from **"+marks+"** to **"+strings.Repeat("a", 60)+"**", strings.Repeat("a", 60)); len(before) < 1 {
		t.Error("a title full of markers has no reading")
	}
}

// TestTitleReadings checks that the previous title is among the readings of a system note, and the only one for plain titles.
func TestTitleReadings(t *testing.T) {
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
		begin, old, updated, end := text("begin"), text("old"), text("new"), text("end")
		note := "changed title from **" + begin + mark(old, "{-", "-}") + end + "** to **" + begin + mark(updated, "{+", "+}") + end + "**"
		before, isTitle := titleBefore(note, begin+updated+end)
		if !isTitle || !slices.Contains(before, begin+old+end) && len(before) < maxReadings || alphabet[1] == "b" && len(before) != 1 {
			t.Fatalf("%s: %q", note, before)
		}
	})
}
