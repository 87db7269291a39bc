package record

import (
	"cmp"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Edit sets a key or deletes it.
type Edit struct {
	Key    string
	Value  Value
	Delete bool
}

// Set returns an edit that sets a key to a text. The text becomes one line, without white space at its ends.
func Set(key, text string) Edit { return Edit{Key: key, Value: Value{Text: text}} }

// SetList returns an edit that sets a key to a list. Each item becomes one line; empty items are dropped.
func SetList(key string, items []string) Edit {
	return Edit{Key: key, Value: Value{List: items, IsList: true}}
}

// Delete returns an edit that removes a key, every time it occurs. If its neighbours are so badly indented that they would change their
// meaning without it, the key stays, with an empty value.
func Delete(key string) Edit { return Edit{Key: key, Delete: true} }

// New returns a new record as text, for a template.
func New(kind string, edits ...Edit) string {
	return newBlock(kind, normal(edits), "\n")
}

// Apply returns the description with the record edited. A value that is already equal is not touched; of several edits of a key the last
// one counts. A new key goes after the key of the edit before it, the first one to the end. Every byte outside of edited values stays.
//
// If the description has no record, a new one is added at the end, but before the hidden key; if the edits set nothing, none is added.
func (b Block) Apply(edits ...Edit) string {
	edits = normal(edits)
	if !b.exists {
		return b.insert(edits)
	}
	for range 3 { // a key that could not be removed at first may be, once the rest is in order
		if out := b.rewrite(edits, false); b.agrees(out, edits) {
			return out
		}
		out := b.rewrite(edits, true)
		if out == b.text {
			break
		}
		b, _ = Find(out, b.kind)
	}
	return b.text
}

// normal returns the edits with each key once, in the form in which keys and values are compared.
func normal(edits []Edit) []Edit {
	var out []Edit
	for _, e := range edits {
		e.Key = keyName(e.Key)
		e.Value = normalValue(e)
		out = slices.DeleteFunc(out, func(before Edit) bool { return before.Key == e.Key })
		if e.Key != "" {
			out = append(out, e)
		}
	}
	return out
}

func normalValue(e Edit) Value {
	switch {
	case e.Delete:
		return Value{}
	case !e.Value.IsList:
		return Value{Text: clean(e.Value.Text)}
	}
	v := Value{IsList: true}
	for _, item := range e.Value.List {
		if item = clean(item); item != "" {
			v.List = append(v.List, item)
		}
	}
	return v
}

// formatValue returns a value as written after its colon, with a space before it. An empty text is nothing, which invites people to fill it
// in; an enclosed one cannot continue on the line below.
func formatValue(v Value, enclosed bool) string {
	switch {
	case v.IsList:
	case enclosed:
		return " " + quote(v.Text)
	case v.Text == "":
		return ""
	default:
		return " " + scalar(v.Text)
	}
	items := make([]string, len(v.List))
	for i, item := range v.List {
		items[i] = flowScalar(item)
	}
	return " [" + strings.Join(items, ", ") + "]"
}

func formatKey(key string) string {
	if plainKey(key) && bare(key) {
		return key
	}
	return quote(key)
}

func newBlock(kind string, edits []Edit, eol string) string {
	lines := []string{"```yaml prodctl/" + kind}
	for _, e := range edits {
		if !e.Delete {
			lines = append(lines, formatKey(e.Key)+":"+formatValue(e.Value, false))
		}
	}
	return strings.Join(append(lines, "```"), eol)
}

// insertAt is where a new record goes: to the end, but before the hidden key.
func (b Block) insertAt() int {
	s, at := scan(b.text), len(b.text)
	for rows := s.trimBlank(s.rows); len(rows) > 0 && isKeyLine(s.line(rows[len(rows)-1])); rows = s.trimBlank(rows[:len(rows)-1]) {
		at = rows[len(rows)-1].from
	}
	return at
}

// insert adds a new record to a description that has none.
func (b Block) insert(edits []Edit) string {
	if !slices.ContainsFunc(edits, func(e Edit) bool { return !e.Delete }) {
		return b.text
	}
	at, head, tail := b.insertAt(), "", ""
	if at < len(b.text) {
		tail = b.eol + b.eol
	}
	above, ended := strings.CutSuffix(b.text[:at], "\n")
	above = strings.TrimRight(above, "\r")
	switch {
	case at == 0 || ended && (above == "" || strings.HasSuffix(above, "\n")):
	case ended:
		head = b.eol
	default:
		head = b.eol + b.eol
	}
	return b.text[:at] + head + newBlock(b.kind, edits, b.eol) + tail + b.text[at:]
}

// equal reports whether a value already reads as wanted.
func equal(got, want Value) bool {
	if want.IsList {
		return slices.Equal(got.Items(), want.List)
	}
	return !got.IsList && got.Text == want.Text
}

// splice replaces a piece of the description.
type splice struct {
	span
	text string
}

// rewrite applies edits to a record that exists. safe is for records so badly indented that a line would continue another one than before:
// it removes no key, encloses every value, and adds new keys at the end.
func (b Block) rewrite(edits []Edit, safe bool) string {
	var values, items, lines []splice // in this order if they meet
	at := b.tail()
	for _, ed := range edits {
		e := b.find(ed.Key)
		switch {
		case ed.Delete && e != nil:
			values = append(values, b.remove(ed.Key, safe)...)
		case ed.Delete:
		case e == nil:
			if safe {
				at = b.bottom()
			}
			lines = append(lines, b.line(at, b.indent+formatKey(ed.Key)+":"+formatValue(ed.Value, safe)))
		default:
			at = e.end()
			if equal(e.value, ed.Value) {
				continue
			}
			if ed.Value.IsList && len(ed.Value.List) > 0 && len(e.items) > 0 && !safe {
				items = append(items, b.relist(e, ed.Value.List)...)
			} else {
				values = append(values, b.revalue(e, ed.Value, safe)...)
			}
		}
	}
	return b.spliced(slices.Concat(values, items, lines))
}

// tail is where a new line goes: after the last entry.
func (b Block) tail() int {
	if n := len(b.entries); n > 0 {
		return b.entries[n-1].end()
	}
	return b.bottom()
}

// bottom is where the block ends, before its closing fence.
func (b Block) bottom() int {
	if n := len(b.rows); n > 0 {
		return b.rows[n-1].next
	}
	return b.open.next
}

// line returns the splice that inserts a line where another one begins or the text ends.
func (b Block) line(at int, text string) splice {
	if b.text[at-1] != '\n' {
		return splice{span{at, at}, b.eol + text}
	}
	return splice{span{at, at}, text + b.eol}
}

// remove removes every entry with the key, with its lines below; comments between them stay.
func (b Block) remove(key string, safe bool) []splice {
	var out []splice
	for i := range b.entries {
		e := &b.entries[i]
		switch {
		case e.key != key:
		case safe && e.value.Text != "":
			out = append(out, b.revalue(e, Value{}, true)...)
		case !safe:
			out = append(append(out, splice{span{e.line.from, e.line.next}, ""}), below(e)...)
		}
	}
	return out
}

// below removes the lines of a value below its key.
func below(e *entry) []splice {
	var out []splice
	for _, r := range e.rest {
		out = append(out, splice{span{r.from, r.next}, ""})
	}
	for _, it := range e.items {
		for _, r := range it.rows {
			out = append(out, splice{span{r.from, r.next}, ""})
		}
	}
	return out
}

// revalue writes a value on the line of its key. A comment after it stays.
func (b Block) revalue(e *entry, v Value, enclosed bool) []splice {
	text := formatValue(v, enclosed)
	at := span{e.colon, e.inline.to}
	if gap := b.text[e.colon:e.inline.from]; gap != "" && text != "" {
		text, at = text[1:], e.inline
	}
	if strings.HasPrefix(b.text[e.inline.to:], "#") {
		text += " "
	}
	return append(below(e), splice{at, text})
}

// relist sets the items of a list of lines, and keeps the lines of items that stay.
func (b Block) relist(e *entry, want []string) []splice {
	var out []splice
	dashes := b.text[e.items[0].rows[0].from:]
	dashes = dashes[:strings.IndexByte(dashes, '-')] + "- "
	for _, it := range e.items {
		from := it.rows[0].from
		n := slices.Index(want, it.text)
		for i := 0; i < n; i++ {
			out = append(out, b.line(from, dashes+flowScalar(want[i])))
		}
		if n >= 0 {
			want = want[n+1:]
			continue
		}
		for _, r := range it.rows {
			out = append(out, splice{span{r.from, r.next}, ""})
		}
	}
	for _, item := range want {
		out = append(out, b.line(e.end(), dashes+flowScalar(item)))
	}
	return out
}

// spliced returns the description with all splices applied. They remove each byte at most once; splices at the same place keep their order.
func (b Block) spliced(splices []splice) string {
	stable.Sort(splices, func(a, b splice) int { return cmp.Compare(a.from, b.from) })
	var out strings.Builder
	at := 0
	for _, s := range splices {
		out.WriteString(b.text[at:max(at, s.from)])
		out.WriteString(s.text)
		at = max(at, s.to)
	}
	out.WriteString(b.text[at:])
	return out.String()
}

// agrees reports whether a description reads as the edits want it, and in all other keys as before.
func (b Block) agrees(text string, edits []Edit) bool {
	now, _ := Find(text, b.kind)
	touched := map[string]bool{}
	for _, ed := range edits {
		touched[ed.Key] = true
		v, ok := now.Get(ed.Key)
		if ok == ed.Delete || ok && !equal(v, ed.Value) {
			return false
		}
	}
	for _, key := range append(b.Keys(), now.Keys()...) {
		before, existed := b.Get(key)
		after, exists := now.Get(key)
		if !touched[key] && (existed != exists || before.Text != after.Text || before.IsList != after.IsList ||
			!slices.Equal(before.List, after.List)) {
			return false
		}
	}
	return true
}
