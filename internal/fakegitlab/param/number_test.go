package param

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
)

func TestIntegers(t *testing.T) {
	t.Parallel()
	const word = "invalid"
	for _, tt := range []struct {
		v    any
		want any
	}{
		{"12", 12}, {" -3 ", -3}, {"+5", 5}, {"1_000", 1000}, {"007", 7}, {"0", 0}, {"", nil}, {nil, nil},
		{"100000000000000000000", math.MaxInt64}, {"-100000000000000000000", math.MinInt64},
		{"abc", word}, {"1.5", word}, {"1_", word}, {"_1", word}, {"1__0", word}, {"0x1f", word}, {"-", word}, {" ", word}, {"１", word},
		{json.Number("7"), 7}, {json.Number("1.9"), 1}, {json.Number("-1.9"), -1}, {json.Number("1e3"), 1000},
		{json.Number("1e30"), math.MaxInt64}, {json.Number("-1e30"), math.MinInt64}, {json.Number("1e999"), word},
		{json.Number("100000000000000000000"), math.MaxInt64},
		{true, word}, {[]any{"1"}, word}, {map[string]any{}, word},
	} {
		p := None()
		p.Values["n"] = tt.v
		var got any = word
		if o := p.Int("n"); o.OK() {
			got = o.Value
		} else if o.Set {
			got = nil
		}
		if got != tt.want {
			t.Errorf("%#v: got %v, want %v", tt.v, got, tt.want)
		}
		if invalid := p.Err() != nil; invalid != (tt.want == word) {
			t.Errorf("%#v: got the error %v", tt.v, p.Err())
		}
	}
}

func TestListsOfIntegers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v    any
		want string
	}{
		{"1,2", "[1 2]"}, {" 3 , 4x,foo,,5,", "[3 4 0 0 5]"}, {"", "[]"}, {",", "[]"}, {"1_0", "[10]"}, {nil, "[]"},
		{[]any{"1", "2,3", "x", nil, json.Number("9"), true}, "[1 2 3 0 9 0]"},
		{json.Number("5"), "[]"}, {map[string]any{"a": "1"}, "[]"},
	} {
		p := None()
		p.Values["ids"] = tt.v
		o := p.Ints("ids")
		if got := fmt.Sprint(o.Value); !o.Set || got != tt.want || p.Err() != nil {
			t.Errorf("%#v: got %s (%v), want %s", tt.v, got, p.Err(), tt.want)
		}
	}
}

func TestBooleans(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v    any
		want string
	}{
		{"true", "true"}, {"TRUE", "true"}, {"tRuE", "true"}, {"1", "true"}, {"t", "true"}, {"T", "true"}, {"yes", "true"}, {"Y", "true"},
		{"oN", "true"}, {"false", "false"}, {"0", "false"}, {"F", "false"}, {"No", "false"}, {"n", "false"}, {"OFF", "false"},
		{true, "true"}, {false, "false"}, {json.Number("1"), "true"}, {json.Number("0"), "false"}, {nil, "null"}, {"", "null"},
		{"maybe", "invalid"}, {"2", "invalid"}, {" true", "invalid"}, {"yess", "invalid"}, {json.Number("1.0"), "invalid"},
		{[]any{"true"}, "invalid"}, {map[string]any{}, "invalid"}, {[]any{}, "invalid"},
	} {
		p := None()
		p.Values["b"] = tt.v
		got := "invalid"
		if o := p.Bool("b"); o.OK() {
			got = fmt.Sprint(o.Value)
		} else if o.Set {
			got = "null"
		}
		if got != tt.want || (p.Err() != nil) != (tt.want == "invalid") {
			t.Errorf("%#v: got %s (%v), want %s", tt.v, got, p.Err(), tt.want)
		}
	}
}
