package markdown

import "testing"

func TestCleanTitle(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{"Current Milestone", "Current Milestone"},
		{"  Current\t", "Current"},
		{"a <b>x</b>", "a x"},
		{"a &amp; b", "a & b"},
		{"&amp;lt;", "&lt;"},
		{"1 < 2 > 0", "1 < 2 > 0"},
		{"<3", "<3"},
		{"a <!-- b --> c", "a  c"},
		{"a <b", "a"},
		{"<script>x</script>", "x"},
		{"<br>", ""},
		{"Überlauf 🎉", "Überlauf 🎉"},
	}
	for _, tt := range tests {
		if got := CleanTitle(tt.in); got != tt.want {
			t.Errorf("cleanTitle(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
