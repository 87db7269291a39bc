package quickaction

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestShielding has a case for every text that may or may not keep a line from being parsed as a command.
func TestShielding(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		run        bool
		rest       string // empty: the text itself
	}{
		{name: "leading space", text: "a\n /close"},
		{name: "leading space at the beginning of the text", text: " /close"},
		{name: "leading tab", text: "a\n\t/close"},
		{name: "backslash", text: `\/close`},
		{name: "zero width space", text: "a\n\u200b/close"},
		{name: "fence of three", text: "```\n/close\n```"},
		{name: "fence of three with language", text: "```sh\n/close\n```"},
		{name: "fence of four", text: "````\n/close\n````"},
		{name: "fence of tildes", text: "~~~\n/close\n~~~"},
		{name: "indented fence", text: "  ```\n/close\n  ```"},
		{name: "closing fence with blanks", text: "```\n/close\n```  "},
		{name: "closing fence with text does not close", text: "```\n``` x\n/close\n```"},
		{name: "shorter fence does not close", text: "````\n```\n/close\n````"},
		{name: "fence never closed", text: "```\n/close"},
		{name: "fence closed by a line of the text", text: "```\ncode\n```\n/close\n```", run: true, rest: "```\ncode\n```\n```"},
		{name: "backtick in the language is no fence", text: "```a`b\n/close", run: true, rest: "```a`b"},
		{name: "code span over lines", text: "`a\n/close\nb`"},
		{name: "code span with two backticks", text: "``a\n/close\nb``"},
		{name: "three backticks in a row are one, empty-handed", text: "a```\n/close\n`", run: true, rest: "a```\n`"},
		{name: "code span does not cross a paragraph", text: "`a\n\n/close\nb`", run: true, rest: "`a\n\nb`"},
		{name: "one backtick is no code span", text: "it`s\n/close", run: true, rest: "it`s"},
		{name: "quote", text: "> /close"},
		{name: "line after a quote", text: "> a\n/close"},
		{name: "line after an empty quote", text: ">\n/close", run: true, rest: ">"},
		{name: "blank line after a quote", text: "> a\n\n/close", run: true, rest: "> a"},
		{name: "line after a heading in a quote", text: "> # a\n/close", run: true, rest: "> # a"},
		{name: "line after code in a quote", text: "> ```\n/close", run: true, rest: "> ```"},
		{name: "line after a list item", text: "- a\n/close"},
		{name: "line after a numbered item", text: "7) a\n/close"},
		{name: "line after a nested item", text: "- a\n  > 1. b\n/close"},
		{name: "line after an empty item", text: "-\n/close", run: true, rest: "-"},
		{name: "blank line after a list", text: "- a\n\n/close", run: true, rest: "- a"},
		{name: "paragraph in an item", text: "- a\n\n  /close"},
		{name: "fenced quote", text: ">>>\n/close\n>>>"},
		{name: "fenced quote with blank lines", text: ">>>\na\n\n/close\n\n>>>"},
		{name: "after a fenced quote", text: ">>>\na\n>>>\n/close", run: true, rest: ">>>\na\n>>>"},
		{name: "alert", text: ">>> [!note]\n/close\n>>>"},
		{name: "comment over lines", text: "<!--\n/close\n-->"},
		{name: "comment over paragraphs", text: "<!--\n\n/close\n\n-->"},
		{name: "comment inside a paragraph", text: "a <!--\n/close\n-->", run: true, rest: "a <!--\n-->"},
		{name: "line after a comment", text: "<!-- a -->\n/close", run: true, rest: "<!-- a -->"},
		{name: "div", text: "<div>\n/close\n</div>"},
		{name: "div ends at a blank line", text: "<div>\n\n/close\n\n</div>", run: true, rest: "<div>\n\n</div>"},
		{name: "details", text: "<details><summary>a</summary>\n/close\n</details>"},
		{name: "script", text: "<script>\n\n/close\n</script>"},
		{name: "any tag on its own line", text: "<b>\n/close\n</b>"},
		{name: "any tag inside a paragraph", text: "a\n<b>\n/close\n</b>"},
		{name: "tag and text is a paragraph", text: "<b> a\n/close", run: true, rest: "<b> a"},
		{name: "heading before", text: "# a\n/close", run: true, rest: "# a"},
		{name: "becomes a heading", text: "/close\n---"},
		{name: "line under a heading of that kind", text: "a\n===\n/close", run: true, rest: "a\n==="},
		{name: "rule before", text: "a\n\n* * *\n/close", run: true, rest: "a\n\n* * *"},
		{name: "blank line before", text: "a\n\n/close", run: true, rest: "a"},
		{name: "paragraph before", text: "a\n/close\nb", run: true, rest: "a\nb"},
		{name: "empty line goes with the command", text: "/close\n\nb", run: true, rest: "b"},
		{name: "further empty lines stay", text: "a\n/close\n\n\nb", run: true, rest: "a\n\nb"},
		{name: "indented code before", text: "    code\n/close", run: true, rest: "    code"},
		{name: "row of a table", text: "| a |\n|---|\n/close"},
		{name: "no table, one cell short", text: "| a | b |\n|---|\n/close", run: true, rest: "| a | b |\n|---|"},
		{name: "paragraph above a table", text: "/close\n| a |\n|---|\n/close", run: true, rest: "| a |\n|---|\n/close"},
		{name: "footnote", text: "[^1]: a\n/close"},
		{name: "front matter", text: "---\n/close\n\n/close\n---\nx"},
		{name: "carriage return before the slash", text: "a\n\r/close", run: true, rest: "a"},
		{name: "carriage return in the command", text: "a\n/cl\rose", run: true, rest: "a"},
		{name: "windows line ends", text: "a\r\n/close\r\nb", run: true, rest: "a\nb"},
		{name: "line separator", text: "a\u2028/close"},
		{name: "next line", text: "a\u0085/close"},
		{name: "vertical tab", text: "a\n\v/close"},
		{name: "form feed", text: "a\n\f/close"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := tt.rest
			if want == "" && !tt.run {
				want = strings.TrimRight(tt.text, " ")
			}
			rest, found := Extract(tt.text, store.Free)
			if rest != want || (len(found) > 0) != tt.run {
				t.Errorf("%q: stored %q, commands %q; want %q, run %v", tt.text, rest, found, want, tt.run)
			}
		})
	}
}

func TestCommandLines(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text, rest string
		want       []Command
	}{
		{"/close", "", []Command{{"close", ""}}},
		{"/CLOSE", "", []Command{{"close", ""}}},
		{"/close because it is done", "", []Command{{"close", "because it is done"}}},
		{"/close \t ", "", []Command{{"close", ""}}},
		{"/close\t\nx", "x", []Command{{"close", ""}}},
		{"/closed", "/closed", nil},
		{"/close:", "/close:", nil},
		{"/close\tx", "/close\tx", nil},
		{"/frobnicate", "/frobnicate", nil},
		{"/merge\n/tag v1\n/page x", "", []Command{{"merge", ""}, {"tag", "v1"}, {"page", "x"}}},
		{"/remove_label ~a", "", []Command{{"unlabel", "~a"}}},
		{"/labels ~a ~\"b c\"\ntext\n/label ~d", "text", []Command{{"label", `~a ~"b c"`}, {"label", "~d"}}},
		{"/shrug", "¯\\＿(ツ)＿/¯", nil},
		{"a\n/shrug so what\nb", "a\n¯\\＿(ツ)＿/¯\nb", nil},
		{"/tableflip x", "(╯°□°)╯︵ ┻━┻", nil},
		{"text\r\n \n", "text", nil},
		{"", "", nil},
	}
	for _, tt := range tests {
		rest, found := Extract(tt.text, store.Free)
		if rest != tt.rest || len(found) != len(tt.want) {
			t.Errorf("%q: %q, %q; want %q, %q", tt.text, rest, found, tt.rest, tt.want)
			continue
		}
		for i, c := range found {
			if c != tt.want[i] {
				t.Errorf("%q: command %d is %q, want %q", tt.text, i, c, tt.want[i])
			}
		}
	}
}

// TestKnownNames has the names that GitLab documents for all kinds of objects: even in an issue each of these lines
// is removed.
func TestKnownNames(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`add_contacts approve assign assign_reviewer award react blocks blocked_by board_move
		child_epic clear_health_status clear_weight clone close confidential copy_metadata create_merge_request done draft due
		duplicate epic estimate estimate_time health_status invite_email iteration label labels link lock merge milestone move
		page parent_epic promote promote_to_incident publish ready reassign reassign_reviewer rebase relabel relate
		remove_child_epic remove_contacts remove_due_date remove_epic remove_estimate remove_iteration remove_label
		remove_milestone remove_parent_epic remove_time_spent remove_zoom reopen request_review reviewer severity spend
		spend_time spent submit_review subscribe tag target_branch timeline title todo type unapprove unassign
		unassign_reviewer unlabel unlink unlock unsubscribe weight wip zoom`) {
		if rest, found := Extract("a\n/"+name+" x\nb", store.Free); rest != "a\nb" || len(found) != 1 {
			t.Errorf("/%s: stored %q, commands %q", name, rest, found)
		}
	}
}

// TestNamesOfEditions checks that a name that an edition does not know stays in the text.
func TestNamesOfEditions(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq("weight clear_weight health_status epic iteration blocks blocked_by reassign publish page link") {
		text := "/" + name + " 3"
		if rest, found := Extract(text, store.Community); rest != text || len(found) > 0 {
			t.Errorf("%s in the Community Edition: stored %q, commands %q", text, rest, found)
		}
		if rest, found := Extract(text, store.Free); rest != "" || len(found) != 1 {
			t.Errorf("%s in the Enterprise Edition: stored %q, commands %q", text, rest, found)
		}
	}
	for _, text := range []string{"/cc @dev", "/nonsense", "/closed"} {
		if rest, found := Extract(text, store.Free); rest != text || len(found) > 0 {
			t.Errorf("%s: stored %q, commands %q", text, rest, found)
		}
	}
}

// FuzzExtractCommands checks that extraction never panics, that a text without a slash at the beginning of a line
// loses only its carriage returns and trailing spaces, and that no line is invented.
func FuzzExtractCommands(f *testing.F) {
	for _, text := range []string{
		"a\n/close\n\n> b\n/label ~x", "- a\n  1. ```\n/close", "<div>\n\n/shrug x\n", "|a|\n|-|\n/close", "[^1]:\t\n>>>\n/x",
		"---\n/a\n---", "`\n/close\n`", "\t- \t a\n\t\t/close", "a\r\n=\r\n\r/close",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rest, found := Extract(text, store.Free)
		plain := strings.TrimRight(strings.ReplaceAll(text, "\r", ""), trailingSpace)
		if !strings.HasPrefix(plain, "/") && !strings.Contains(plain, "\n/") && (rest != plain || len(found) > 0) {
			t.Errorf("%q: stored %q, found %q", text, rest, found)
		}
		if len(found) == 0 && !strings.Contains(rest, "¯") && !strings.Contains(rest, "┻") && rest != plain {
			t.Errorf("%q: stored %q without a command", text, rest)
		}
		if strings.Contains(rest, "\r") {
			t.Errorf("%q: stored %q with a carriage return", text, rest)
		}
	})
}
