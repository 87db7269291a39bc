package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// banned are words and phrases that are never right in a message, a help text, a page of the docs or a comment: each has a plain word of the
// trade, which docs/style.md lists. Ordinary words that are only sometimes wrong (again, said, seen, keep, once) are left to a reader.
var banned = regexp.MustCompile(`(?i)\b(?:` + strings.Join([]string{
	`twins?`, `mend(?:s|ed|ing)?`, `(?:un|re)?told`, `unsaid`, `marker words`, `beaten`, `harmless(?:ly)?`, `parted`, `typed`, `ledgers?`, `anew`,
	`thereof`, `whereof`, `may burn`, `in doubt`, `of a person's own`, `people of it`, `belongs to it`, `nobody else knows`, `only what`, `what of`,
	`there (?:is|are|was|were) no`, `(?:is|are|was|were) no`, `(?:is|are|was|were) so already`, `(?:is|are|was|were) there already`,
	`as far as (?:is|was) known`, `tells? (?:of|whether|how|what|who|when|where)`, `stands? (?:against|in|for|beside|behind|below|above|before|by|of|with)`,
	`what is left`, `go(?:es)? on where`, `what you (?:say|said)`, `say (?:both|it|a|the|which|what|who|when)`, `not begun`, `(?:yet|that is) to come`,
	`(?:is|are|be|was|were) said`, `(?:it|nobody|file|user|who|text) says`, `begins? over`, `what (?:becomes|became|comes|came) of`,
	`how (?:it|things) stands?`, `is to be (?:made|done|said)`, `is due \d+ days? ago`,
}, "|") + `)\b(?: longer)?`)

// bannedNames are words that no identifier contains.
var bannedNames = []string{"twin", "twins", "mend", "mended", "mends", "unsaid", "untold", "told", "tell", "tells", "beaten", "byhand", "goon", "harmless",
	"parted", "typed", "said", "ledger", "ledgers"}

// wrongWords lists the banned words of a text, one "line: word: text" each. first is the number of its first line.
func wrongWords(text string, first int) (list []string) {
	for n, line := range strings.Split(text, "\n") {
		for _, word := range banned.FindAllString(line, -1) {
			if !strings.HasSuffix(word, " no longer") {
				list = append(list, fmt.Sprintf("%d: write something plainer than %q: %.100s", first+n, word, strings.TrimSpace(line)))
			}
		}
	}
	return list
}

// voice checks comments, texts and names.
func voice(files []file) (broken []string) {
	for _, f := range files {
		if f.path == "internal/archtest/voice_test.go" {
			continue
		}
		report := func(list []string) {
			for _, l := range list {
				broken = append(broken, f.path+":"+l)
			}
		}
		for _, group := range f.syntax.Comments {
			for _, c := range group.List {
				report(wrongWords(c.Text, f.line(c)))
			}
		}
		for _, id := range declared(f.syntax) {
			if slices.ContainsFunc(splitName(id.Name), func(word string) bool { return slices.Contains(bannedNames, word) }) {
				report([]string{fmt.Sprintf("%d: find a plainer name for %s", f.line(id), id.Name)})
			}
		}
		if !f.test {
			texts(f.syntax, func(at *ast.BasicLit, text string) { report(wrongWords(text, f.line(at))) })
			report(hintsWithFullStop(f))
		}
	}
	return broken
}

// hintsWithFullStop lists the hints of fault.New and fault.Wrap that end with a full stop: a command that is pasted would end with it.
func hintsWithFullStop(f file) (broken []string) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		hint := map[string]int{"New": 1, "Wrap": 2}
		callee, ok := call.Fun.(*ast.SelectorExpr)
		if !ok || fmt.Sprint(callee.X) != "fault" || hint[callee.Sel.Name] == 0 || len(call.Args) <= hint[callee.Sel.Name] {
			return true
		}
		end := call.Args[hint[callee.Sel.Name]]
		if sum, ok := end.(*ast.BinaryExpr); ok {
			end = sum.Y
		}
		if text, ok := end.(*ast.BasicLit); ok && strings.HasSuffix(strings.Trim(text.Value, "`\""), ".") {
			broken = append(broken, fmt.Sprintf("%d: a hint has no full stop: %s", f.line(text), text.Value))
		}
		return true
	})
	return broken
}

// declared are the identifiers that a file declares.
func declared(f *ast.File) (list []*ast.Ident) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.FuncDecl:
			list = append(list, x.Name)
		case *ast.TypeSpec:
			list = append(list, x.Name)
		case *ast.ValueSpec:
			list = append(list, x.Names...)
		case *ast.Field:
			list = append(list, x.Names...)
		case *ast.AssignStmt:
			for _, left := range x.Lhs {
				if id, ok := left.(*ast.Ident); ok && x.Tok == token.DEFINE {
					list = append(list, id)
				}
			}
		}
		return true
	})
	return list
}

// splitName is ["first", "name"] for FirstName.
func splitName(name string) []string {
	return strings.Fields(strings.ToLower(upperCase.ReplaceAllString(name, " $0")))
}

var upperCase = regexp.MustCompile(`[A-Z]`)

// texts calls found for every string literal that is neither an import nor a struct tag.
func texts(f *ast.File, found func(at *ast.BasicLit, text string)) {
	tags := map[*ast.BasicLit]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			tags[x.Tag] = true
		case *ast.BasicLit:
			if text, err := strconv.Unquote(x.Value); x.Kind == token.STRING && err == nil && !tags[x] {
				found(x, text)
			}
		}
		return true
	})
}

// docComments checks that the comment of every exported declaration starts with its name, and that a package comment says what does not
// belong in the package.
func docComments(files []file) (broken []string) {
	for _, f := range files {
		if f.test {
			continue
		}
		if doc := f.syntax.Doc; doc != nil && !limits.MatchString(doc.Text()) {
			broken = append(broken, fmt.Sprintf("%s: the package comment does not say what may not be in it", f.path))
		}
		for _, d := range f.syntax.Decls {
			for id, doc := range exported(d) {
				if !startsWith(doc.Text(), id.Name) {
					broken = append(broken, fmt.Sprintf("%s:%d: the comment of %s does not start with its name", f.path, f.line(id), id.Name))
				}
			}
		}
	}
	return broken
}

var limits = regexp.MustCompile(`(?i)\b(not|no|nothing|never|neither|without|only)\b`)

// exported are the exported names of a declaration with their comments. A group of constants or variables may have one comment for all.
func exported(d ast.Decl) map[*ast.Ident]*ast.CommentGroup {
	list := map[*ast.Ident]*ast.CommentGroup{}
	switch d := d.(type) {
	case *ast.FuncDecl:
		list[d.Name] = d.Doc
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if list[s.Name] = s.Doc; s.Doc == nil {
					list[s.Name] = d.Doc
				}
			case *ast.ValueSpec:
				if s.Doc != nil || d.Doc == nil && s.Comment == nil || len(d.Specs) == 1 && d.Doc != nil {
					if list[s.Names[0]] = s.Doc; s.Doc == nil {
						list[s.Names[0]] = d.Doc
					}
				}
			}
		}
	}
	for id := range list {
		if !id.IsExported() {
			delete(list, id)
		}
	}
	return list
}

func startsWith(doc, name string) bool {
	for _, article := range []string{"", "A ", "An ", "The "} {
		if rest, ok := strings.CutPrefix(doc, article+name); ok && rest != "" && strings.ContainsAny(rest[:1], " ,\n") {
			return true
		}
	}
	return false
}

// TestPagesSpeakPlainly checks the pages of the docs and the templates; the reference is generated from texts that are checked above.
func TestPagesSpeakPlainly(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	pages := 0
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "docs/changes/unreleased/names.md" || name == "docs/style.md": // quote the old words
			return nil
		case entry.IsDir() && (entry.Name() == "testdata" || name == "docs/reference" || len(name) > 1 && name[0] == '.'):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		pages++
		text, err := fs.ReadFile(root, name)
		for _, wrong := range wrongWords(string(text), 1) {
			t.Errorf("%s:%s", name, wrong)
		}
		return err
	})
	if err != nil || pages < 30 {
		t.Errorf("%d pages, %v", pages, err)
	}
}

// TestVoiceOfExamples has sentences that were rewritten: the check finds the old one and accepts the new one.
func TestVoiceOfExamples(t *testing.T) {
	t.Parallel()
	for before, after := range map[string]string{
		"the incident is not open as far as is known: nothing was sent": "Not opened: GitLab did not answer, so nothing was sent.",
		"it is told, but not all that follows from it is done: 403":     "Comment added, but the issue was not updated: 403 Forbidden. You need the Reporter role.",
		"the same command goes on where it stopped":                     "Check that GitLab is up, then run the same command again.",
		"--type and --outcome are what nobody else knows: say both":     "--type and --outcome are required",
		"acme/production#29 is told of another attempt: failure":        "Added attempt 2 (failure) to acme/production#29",
		"what you say is added as an update":                            "Already mitigated; added as an update.",
		"there is no text / say it in quotes":                           `Missing message: pass -m "..."`,
		"mend the first one, then: prodctl doctor":                      "Fix the first failure, then run: prodctl doctor",
		"say a day that is to come":                                     "--due 2020-01-01 is in the past",
		"there is no user @nobody9: not found":                          "User @nobody9 not found",
		`"S5" is no severity: there are S1, S2, S3 and S4`:              `Invalid severity "S5" (use S1, S2, S3 or S4)`,
		"acme/production#8 is no change":                                `acme/production#8 is not a change: it has no label "change"`,
		"the next roll is due 2 days ago":                               "The roll is 2 days overdue",
		"gus cannot approve: is no manager, lead or peer":               "@gus cannot approve: not a manager, lead or peer",
		"3 burn, 1 may burn, nothing can wait":                          "3 burning, 1 at risk, 0 can wait",
		"what is left to be done with it":                               "Already complete",
		"that was told already at 19:57 UTC / was so already":           "No change: recorded at 19:57 UTC",
		"of how many it is known stands behind it":                      "n = incidents with data",
	} {
		if len(wrongWords(before, 1)) == 0 {
			t.Errorf("the check does not find %q", before)
		}
		if wrong := wrongWords(after, 1); len(wrong) > 0 {
			t.Errorf("%q: %s", after, wrong)
		}
	}
	if wrong := wrongWords("the label is no longer set", 1); len(wrong) > 0 {
		t.Error(wrong)
	}
}
