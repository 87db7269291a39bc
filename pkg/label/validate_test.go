package label_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/label"
)

// All faults of a set are reported together, each with its position.
func TestNormalizeFindsAllFaults(t *testing.T) {
	t.Parallel()
	minus := -1
	set := label.Set{
		{Name: "  "},
		{Name: "a,b"},
		{Name: strings.Repeat("ü", 256)},
		{Name: "line\nbreak"},
		{Name: "x<b>y"},
		{Name: "R&amp;D"},
		{Name: "None"},
		{Name: "fine", Color: "red", Priority: &minus, Scope: "team", Description: "<script>"},
		{Name: "fine"},
		{Name: "heir", RenamedFrom: []string{"fine", "gone", "x,y"}},
		{Name: "other heir", RenamedFrom: []string{"gone"}},
		{Name: "bad\xff"},
	}
	var got []string
	for _, f := range set.Validate() {
		got = append(got, fmt.Sprintf("%d %s", f.Index, f.Field))
		if f.Error() == "" || strings.HasSuffix(f.Text, ".") {
			t.Errorf("fault text %q", f.Text)
		}
	}
	want := []string{"0 name", "1 name", "2 name", "3 name", "4 name", "5 name", "6 name",
		"7 description", "7 priority", "7 scope", "7 color", "9 renamed_from", "11 name", "8 name", "9 renamed_from", "10 renamed_from"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNormalize(t *testing.T) {
	t.Parallel()
	got, faults := label.Set{{Name: " a  b ", Color: "#AbC", Description: " x\n", RenamedFrom: []string{" y "}}}.Normalize()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	want := label.Set{{Name: "a  b", Color: "#aabbcc", Description: "x", RenamedFrom: []string{"y"}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckNameTakesHostileNames(t *testing.T) {
	t.Parallel()
	for _, name := range append(hostile, strings.Repeat("🔥", label.MaxName), "a < b", "R & D", "x&y;") {
		if why := label.CheckName(name); (why != "") != (name == "x&y;") {
			t.Errorf("%q: %q", name, why)
		}
	}
}

func TestNormalizeColor(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"#ABC": "#aabbcc", " #a1B2c3 ": "#a1b2c3", "#12": "", "red": "", "": "", "aabbcc": "", "#ggg": ""} {
		got, err := label.NormalizeColor(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q gave %q, %v", in, got, err)
		}
	}
}

// Normalizing a valid set again changes nothing, and generated sets are valid.
func TestNormalizeTwice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once, faults := sets().Draw(t, "set").Normalize()
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		twice, faults := once.Normalize()
		if diff := cmp.Diff(once, twice); diff != "" || len(faults) > 0 {
			t.Fatal(diff, faults)
		}
	})
}

func FuzzNormalizeColor(f *testing.F) {
	for _, s := range []string{"#abc", "#AABBCC", "red", "#", "#aabbccdd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := label.NormalizeColor(s)
		if err != nil {
			return
		}
		if again, err := label.NormalizeColor(c); err != nil || again != c || len(c) != 7 {
			t.Errorf("%q gave %q, then %q, %v", s, c, again, err)
		}
	})
}

// contrast is the WCAG ratio of a label's color with the text that GitLab writes on it.
func contrast(t *testing.T, color string) float64 {
	t.Helper()
	part := func(c string, at int) float64 {
		n, err := strconv.ParseUint(c[at:at+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		return float64(n)
	}
	luminance := func(c string) float64 {
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			v := part(c, 1+2*i) / 255
			if v <= 0.03928 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += weight * v
		}
		return sum
	}
	text := "#ffffff"
	if part(color, 1)+part(color, 3)+part(color, 5) > 500 {
		text = "#333333"
	}
	light, dark := luminance(color), luminance(text)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}
