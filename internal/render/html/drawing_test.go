package html

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var (
	pathStep = regexp.MustCompile(`[MLHVZ]([0-9. -]*)`)
	numbered = map[string]bool{"x": true, "y": true, "x1": true, "x2": true, "y1": true, "y2": true, "cx": true, "cy": true, "width": true, "height": true, "r": true}
)

// checkDrawing fails if a drawing is not XML, or if an element has no position or one outside the drawing.
func checkDrawing(t rapid.TB, svg string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(svg))
	var width, height, elements int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if elements++; e.Name.Local == "svg" {
			box := strings.Fields(attribute(e, "viewBox"))
			width, height = whole(t, box[2]), whole(t, box[3])
			if attribute(e, "role") != "img" || width <= 0 || height <= 0 {
				t.Fatalf("the drawing is %v", e.Attr)
			}
			continue
		}
		checkElement(t, e, width, height)
	}
	if elements < 3 {
		t.Fatalf("no title, description or content: %s", svg)
	}
}

func checkElement(t rapid.TB, e xml.StartElement, width, height int) {
	t.Helper()
	at := map[string]int{}
	for _, a := range e.Attr {
		if numbered[a.Name.Local] {
			at[a.Name.Local] = whole(t, a.Value)
		}
		if a.Name.Local == "d" {
			checkPath(t, a.Value, width, height)
		}
	}
	for _, end := range [][2]int{{at["x"], at["y"]}, {at["x"] + at["width"], at["y"] + at["height"]}, {at["x1"], at["y1"]}, {at["x2"], at["y2"]},
		{at["cx"] - at["r"], at["cy"] - at["r"]}, {at["cx"] + at["r"], at["cy"] + at["r"]}} {
		if at["r"] == 0 && (end[0] < 0 || end[1] < 0) || end[0] > width || end[1] > height {
			t.Fatalf("%s %v is outside of %d x %d", e.Name.Local, e.Attr, width, height)
		}
	}
}

func checkPath(t rapid.TB, path string, width, height int) {
	t.Helper()
	for _, step := range pathStep.FindAllString(path, -1) {
		limits := []int{width, height}
		if step[0] == 'V' {
			limits = limits[1:]
		}
		for i, s := range strings.Fields(step[1:]) {
			if n := whole(t, s); n < 0 || n > limits[i] {
				t.Fatalf("%s in %s is outside of %d x %d", step, path, width, height)
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func whole(t rapid.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatalf("%q is not a whole number", s)
	}
	return n
}

// Whatever the numbers and texts are, a drawing is valid, and nothing in it is outside.
func TestDrawingsStayInside(t *testing.T) {
	t.Parallel()
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"", "registry", "<script>", `"]]>&`, strings.Repeat("界", 400), "\u0301x", "\x00\xff"}))
	ints := rapid.OneOf(rapid.Int(), rapid.IntRange(-10, 3000), rapid.SampledFrom([]int{0, math.MaxInt, math.MinInt, math.MaxInt / 10}))
	longs := rapid.OneOf(rapid.Int64Range(-1, 1e12), rapid.SampledFrom([]int64{0, 30_000, 999_999_999_999}))
	units := rapid.SampledFrom([]int{svgNarrow, svgWide})
	for name, draw := range map[string]func(*rapid.T) string{
		"bars": func(t *rapid.T) string {
			return chartBars("a", texts.Draw(t, "title"), texts.Draw(t, "desc"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) amount {
				a := amount{name: texts.Draw(t, "name"), number: rapid.IntRange(-5, math.MaxInt32).Draw(t, "number"), value: texts.Draw(t, "value")}
				if rapid.Bool().Draw(t, "compared") {
					a.compared = new(longs.Draw(t, "mean"))
				}
				return a
			}), 0, 40).Draw(t, "bars")).String()
		},
		"columns": func(t *rapid.T) string {
			return chartColumns("a", texts.Draw(t, "title"), "x", units.Draw(t, "units"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) point {
				return point{texts.Draw(t, "name"), ints.Draw(t, "number")}
			}), 0, 900).Draw(t, "series")).String()
		},
		"budget": func(t *rapid.T) string {
			return chartBudget("a", "x", units.Draw(t, "units"), longs.Draw(t, "allowed"), longs.Draw(t, "spent")).String()
		},
		"times": func(t *rapid.T) string {
			return chartTimes("a", "x", texts.Draw(t, "desc"), rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lengths {
				l := lengths{name: texts.Draw(t, "name"), value: texts.Draw(t, "value")}
				for _, to := range []**int64{&l.median, &l.mean, &l.p90} {
					if rapid.Bool().Draw(t, "known") {
						*to = new(longs.Draw(t, "length"))
					}
				}
				return l
			}), 0, 6).Draw(t, "times")).String()
		},
		"areas": func(t *rapid.T) string {
			return chartAreas("a", "x", texts.Draw(t, "desc"), units.Draw(t, "units"), texts.Draw(t, "from"), texts.Draw(t, "to"),
				rapid.SliceOfN(rapid.Custom(func(t *rapid.T) layer {
					return layer{texts.Draw(t, "name"), rapid.SliceOfN(ints, 0, 100).Draw(t, "numbers")}
				}), 0, 8).Draw(t, "layers")).String()
		},
		"scatter": func(t *rapid.T) string {
			return chartScatter("a", "x", texts.Draw(t, "desc"), units.Draw(t, "units"), ints.Draw(t, "minutes"), texts.Draw(t, "from"), texts.Draw(t, "to"),
				rapid.SliceOfN(rapid.Custom(func(t *rapid.T) spot { return spot{ints.Draw(t, "at"), ints.Draw(t, "length")} }), 0, 100).Draw(t, "spots"),
				rapid.SliceOfN(rapid.Custom(func(t *rapid.T) limit { return limit{texts.Draw(t, "name"), ints.Draw(t, "limit")} }), 0, 4).Draw(t, "limits")).String()
		},
		"shift": func(t *rapid.T) string {
			ticks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) tick { return tick{ints.Draw(t, "at"), texts.Draw(t, "tick")} }), 0, 30).Draw(t, "ticks")
			return chartShift("a", "x", units.Draw(t, "units"), ints.Draw(t, "minutes"), ints.Draw(t, "now"), ticks, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) strip {
				return strip{name: texts.Draw(t, "name"), value: texts.Draw(t, "value"), from: ints.Draw(t, "from"), to: ints.Draw(t, "to"),
					ongoing: rapid.Bool().Draw(t, "on"), planned: rapid.Bool().Draw(t, "planned")}
			}), 0, 40).Draw(t, "strips")).String()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) { checkDrawing(t, draw(t)) })
		})
	}
}

// checkDrawing finds the faults of drawings.
func TestDrawingsAreChecked(t *testing.T) {
	t.Parallel()
	for _, inside := range []string{`<rect x="350" y="1" width="20" height="1"/>`, `<path d="M1 1L361 1"/>`, `<text x="NaN" y="1">a</text>`, `<circle cx="358" cy="9" r="4"/>`, `<text x="1" y="1">a`,
		`<path d="M1 1H2V99"/>`, `<line x1="-1" y1="0" x2="1" y2="1"/>`} {
		found := &recorder{}
		func() {
			defer func() { _ = recover() }()
			checkDrawing(found, `<svg viewBox="0 0 360 40" role="img"><title>a</title><desc>b</desc>`+inside+`</svg>`)
		}()
		if !found.failed {
			t.Errorf("%s is not found", inside)
		}
	}
}

// recorder records whether a test has failed.
type recorder struct {
	rapid.TB
	failed bool
}

func (*recorder) Helper() {}

func (r *recorder) Fatalf(string, ...any) {
	r.failed = true
	panic("failed")
}

func TestChartOfABudget(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		allowed, spent int64
		want           []string
	}{
		"a quarter":  {20000, 5000, []string{`<rect class="rest" x="75" y="6" width="224" height="22"/>`, `x1="300"`, "allowed: 20 min"}},
		"nothing":    {20160, 0, []string{`<rect class="rest" x="0" y="6" width="299" height="22"/>`, "allowed: 20.16 min"}},
		"overspent":  {10000, 40000, []string{`d="M0 6H300V28H0Z`, `<line class="limit" x1="75" y1="0" x2="75" y2="34"/>`, "allowed: 10 min"}},
		"no budget":  {0, 1500, []string{`d="M0 6H300V28H0Z`, `<line class="limit" x1="0"`, "allowed: 0 min"}},
		"no numbers": {0, 0, []string{`<line class="limit" x1="0"`}},
	} {
		got := chartBudget("b", "desc", svgNarrow, tt.allowed, tt.spent).String()
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: %s is not in %s", name, want, got)
			}
		}
	}
}

func TestAxisOfTimes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		minutes        int64
		last, at, room int
	}{
		{0, 3, 0, 300}, {10, 3, 100, 300}, {20, 3, 150, 300}, {30, 3, 200, 300}, {75, 3, 250, 300}, {120, 3, 300, 300},
		{121, 4, 300, 400}, {480, 4, 400, 400}, {2880, 5, 500, 500}, {999999, 7, 700, 700},
	} {
		if last := lastStop(tt.minutes * 1000); last != max(tt.last, 3) {
			t.Errorf("%d min need stop %d, want %d", tt.minutes, last, tt.last)
		}
		if got := along(tt.minutes*1000, tt.last, tt.room); got != tt.at {
			t.Errorf("%d min are at %d, want %d", tt.minutes, got, tt.at)
		}
	}
}

func TestThousandths(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"20.16": 20160, "0": 0, "-3.5": -3500, "0.04032": 40, "7": 7000, "999999999": 999999999000} {
		got, ok := parseThousandths(in)
		if !ok || got != want {
			t.Errorf("%s is %d, %t, want %d", in, got, ok, want)
		}
		if in != "0.04032" && formatThousandths(got) != in {
			t.Errorf("%s is written as %s", in, formatThousandths(got))
		}
	}
	for _, in := range []string{"", "-", "1e9", "1.", ".5", "NaN", "1 000", "9999999999", "0x1", "1/2"} {
		if _, ok := parseThousandths(in); ok {
			t.Errorf("%q is taken for a number", in)
		}
	}
}
