package markdown

import (
	"fmt"
	"strings"
	"testing"
)

func TestReferences(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"#1 and a/b!2": "< # 1> <a/b ! 2>",
		"https://x.test/a/b/-/issues/3?x=1#note_4":        "<a/b # 3>",
		"[see](http://x.test/a/b/c/-/work_items/12).":     "<a/b/c # 12>",
		"<https://x.test/a/b/-/merge_requests/5/diffs>":   "<a/b ! 5>",
		"`https://x.test/a/b/-/issues/3`":                 "",
		"<!-- https://x.test/a/b/-/issues/3 -->":          "",
		"```\nhttps://x.test/a/b/-/issues/3\n```":         "",
		"https://x.test/a/b/-/issues/1234567890123456789": "",
		"https://x.test/a/b/-/milestones/3":               "",
		"https://x.test/b/-/issues/3":                     "",
	} {
		var got []string
		for _, r := range References(text) {
			got = append(got, fmt.Sprintf("<%s %c %d>", r.Project, r.Sign, r.Number))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: got %v, want %q", text, got, want)
		}
	}
}

func TestReplaceReferences(t *testing.T) {
	t.Parallel()
	mark := func(r Reference) string { return fmt.Sprintf("<%s %c %d>", r.Project, r.Sign, r.Number) }
	for text, want := range map[string]string{
		"#1":                      "< # 1>",
		"see #1, !2 and #3.":      "see < # 1>, < ! 2> and < # 3>.",
		"(#1) [#2] **#3** #4+s":   "(< # 1>) [< # 2>] **< # 3>** < # 4>+s",
		"web#1 a/b-c#2 a/b!3":     "<web # 1> <a/b-c # 2> <a/b ! 3>",
		"# 1 ##1 \\#1 a&#123; C#": "# 1 ##1 \\#1 a&#123; C#",
		"#1a #12_3 #é é#1":        "#1a #12_3 #é é#1",
		"`#1` ``#1 ` #2`` ` #3":   "`#1` ``#1 ` #2`` ` < # 3>",
		"a `b\n\n#1` c":           "a `b\n\n< # 1>` c",
		"```\n#1\n```\n#2":        "```\n#1\n```\n< # 2>",
		"a\n\n    #1\n\n#2":       "a\n\n    #1\n\n< # 2>",
		"> #1\n- #2\n  ~~~\n  #3": "> < # 1>\n- < # 2>\n  ~~~\n  #3",
		"<!-- #1 --> #2":          "<!-- #1 --> < # 2>",
		"[#1](x) http://x.y/#2":   "[#1](x) http://x.y/#2",
		"<div>\n#1\n</div>\n\n#2": "<div>\n#1\n</div>\n\n< # 2>",
		"## About #1\n\n|#2|#3|":  "## About < # 1>\n\n|< # 2>|< # 3>|",
		"":                        "",
		"#1234567890123456789012": "#1234567890123456789012",
		strings.Repeat("`", 1000): strings.Repeat("`", 1000),
	} {
		if got := ReplaceReferences(text, mark); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
