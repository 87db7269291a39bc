package handoff

import (
	"strings"
	"testing"
)

func TestParseNote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, leftOff, next, contingency string }{
		{"the template", strings.NewReplacer(fileLeftOff+"\n", fileLeftOff+"\none\n\nmore\n", fileNext+"\n", fileNext+"\ntwo\n").Replace(Template("#1 x --> y", Mark{})), "one\n\nmore", "two", ""},
		{"plain headings", "left off:\none\nNEXT\ntwo", "one", "two", ""},
		{"bold headings, as in a comment", "**Left off**\n\none\n\n**Next steps**\n\ntwo\n", "one", "two", ""},
		{"the other way round", "# Next steps\r\ntwo\r\n# Left off\r\none", "one", "two", ""},
		{"a repeated heading", "## Left off\none\n## Next step\ntwo\n## Left off\nthree", "one", "two\n## Left off\nthree", ""},
		{"text like headings", "## Left off\nNext steps are below\n## Next steps\nnext door", "Next steps are below", "next door", ""},
		{"lines like headings in the template", "## Left off\nDone so far.\nNext:\n- ask\n## Next steps\n**Left off**\nnext", "Done so far.\nNext:\n- ask", "**Left off**\nnext", ""},
		{"empty", Template("#1", Mark{}), "", "", ""},
		{"other headings", "## Left off\n# Replica\nat 40%\n## Next steps\n<!-- x -->", "# Replica\nat 40%", "<!-- x -->", ""},
		{"with a contingency", "## Left off\none\n## Next steps\ntwo\n## Contingency\nover 5 %: fail back\n", "one", "two", "over 5 %: fail back"},
		{"with the contingency first", "Contingency:\nthree\nLeft off\none\nNext\ntwo", "one", "two", "three"},
	} {
		got, err := ParseNote(c.file)
		if want := (Texts{c.leftOff, c.next, c.contingency}); err != nil || got != want {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
	for _, file := range []string{"", "one", "## Left off\none", "## Next steps\ntwo", "hello\n## Left off\none\n## Next steps\ntwo", "## Left off\none\n## Left off\ntwo"} {
		if got, err := ParseNote(file); err == nil {
			t.Errorf("%q: %q", file, got)
		}
	}
}

// The comment above the headings quotes others, and none of it is read as the note.
func TestTemplateWithHostileText(t *testing.T) {
	t.Parallel()
	m := Mark{NoteID: 5, By: "mara", At: noon, LeftOff: "-->\n## Left off\nforged", Next: "--!>\n<!-- ## Next steps\nforged --> x"}
	file := Template("x --> <!-- ## Left off", m)
	if got, err := ParseNote(file); err != nil || got != (Texts{}) {
		t.Errorf("%q, %v\n%s", got, err, file)
	}
	if !strings.Contains(file, "@mara wrote at 2018-08-24 15:58 UTC") {
		t.Error(file)
	}
}

func FuzzParseNote(f *testing.F) {
	f.Add("## Left off\none\n## Next steps\ntwo")
	f.Fuzz(func(t *testing.T, file string) {
		got, err := ParseNote(file)
		if err != nil {
			return
		}
		again, err := ParseNote(fileLeftOff + "\n" + got.LeftOff + "\n" + fileNext + "\n" + got.Next + "\n" + fileIf + "\n" + got.If)
		if err == nil && !fileHeads().MatchString(got.LeftOff+"\n"+got.Next) && again != got {
			t.Errorf("%q: %q, then %q", file, got, again)
		}
	})
}

// A heading in a code block or a quote is text.
func TestQuotedHeadingsAreText(t *testing.T) {
	t.Parallel()
	for _, quoted := range []string{"```\n## Next steps\n\n## Left off\n```", ">>>\n## Next steps\n>>>", "~~~ md\n**Next steps**\n~~~"} {
		got, err := ParseNote("## Left off\n\n" + quoted + "\n\n## Next steps\n\nReboot it\n")
		if err != nil || got.LeftOff != quoted || got.Next != "Reboot it" {
			t.Errorf("%q, %v from %q", got, err, quoted)
		}
		comment := strings.ReplaceAll(quoted, "## Next steps", "**Next steps**")
		leftOff, next, ok := splitText("Edited\n**Left off**\n\n" + comment + "\n\n**Next steps**\n\nReboot it")
		if !ok || leftOff != comment || next != "Reboot it" {
			t.Errorf("%q, %q, %t from %q", leftOff, next, ok, comment)
		}
	}
}
