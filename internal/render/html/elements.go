package html

import (
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/markup"
)

// html returns the page as a file.
func (p page) html() string {
	head := markup.Block("head", markup.Constant(`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="`+
		`default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">`),
		markup.Element("title", markup.Text(p.name())),
		markup.StyleSheet(files, "page.css"))
	main := markup.Block("main", p.nav(), p.header(), p.warning(), p.Verdict.html(len(p.Title) == 0),
		markup.Lines(markup.Each(p.Parts, part.html)...))
	return markup.Lines(markup.Constant("<!DOCTYPE html>"),
		markup.Block("html", markup.Attribute("lang", "en"), head, markup.Block("body", main))).String() + "\n"
}

// nav is the navigation of a site.
func (p page) nav() markup.Markup {
	links := markup.Each(p.Nav, func(l fileLink) markup.Markup {
		if l.File == "" {
			return markup.Element("li", markup.Element("span", markup.Attribute("aria-current", "page"), markup.Text(l.Name)))
		}
		return markup.Element("li", markup.Element("a", markup.File(l.File), markup.Text(l.Name)))
	})
	return markup.When(len(links) > 0, markup.Block("nav", markup.Attribute("aria-label", "Pages"),
		markup.Block("ul", markup.Lines(links...))))
}

// name is the name of the page in a browser's tab and history.
func (p page) name() string {
	if len(p.Title) > 0 {
		return p.Kicker + ": " + strings.Join(p.Title, " ")
	}
	return strings.Join(append([]string{p.Kicker}, p.Period...), " ") + ": " + strings.TrimSuffix(p.Verdict.Text, ".")
}

func (p page) header() markup.Markup {
	lead := markup.Each(p.Lead, func(list []bit) markup.Markup { return markup.Element("p", markup.Class("lead"), inline(list)) })
	return markup.Block("header", markup.Element("p", markup.Class("kicker"), markup.Text(p.Kicker)),
		markup.When(len(p.Title) > 0, markup.Element("h1", pieces(p.Title))),
		markup.When(len(p.Period) > 0, markup.Element("p", markup.Class("period"), pieces(p.Period))), markup.Lines(lead...))
}

func pieces(list []string) markup.Markup {
	return markup.Words(markup.Each(list, func(s string) markup.Markup {
		return markup.Element("span", markup.Class("piece"), markup.Text(s))
	})...)
}

func (p page) warning() markup.Markup {
	return markup.When(p.Warning != "", markup.Element("p", markup.Class("warning"), levelWarn.marks(p.Warning)))
}

// html returns the verdict. As the title of the page it is a heading without a full stop.
func (v verdict) html(title bool) markup.Markup {
	sentence := markup.Element("p", markup.Class("sentence"), markup.Words(v.Level.mark(), markup.Element("strong", markup.Text(v.Text))))
	if text := strings.ReplaceAll(strings.TrimSuffix(v.Text, "."), " %", "\u00a0%"); title && v.Level == levelPlain {
		sentence = markup.Element("h1", markup.Text(text))
	} else if title {
		sentence = markup.Element("h1", v.Level.marks(text))
	}
	class := ""
	if len(v.Counts) > 0 && v.Counts[0].Beside != "" {
		class = "figures"
	}
	counts := markup.Each(v.Counts, tally.html)
	return markup.Block("section", markup.Class("verdict", string(v.Level)), markup.Attribute("aria-label", "Summary"), sentence,
		markup.When(v.More != "", markup.Element("p", markup.Text(v.More))),
		markup.When(len(counts) > 0, markup.Block("ul", markup.Class(class), markup.Lines(counts...))))
}

func (t tally) html() markup.Markup {
	number := markup.Element("span", markup.Class("number"), markup.Text(strconv.Itoa(t.Number)))
	what := []markup.Markup{number, markup.Element("span", markup.Class("what"), markup.Text(t.What))}
	if t.Level != levelPlain {
		what = append([]markup.Markup{t.Level.mark()}, what...)
	}
	if t.Beside != "" {
		what = append(what, markup.Element("span", markup.Class("soft"), markup.Text(t.Beside)))
	}
	return markup.Element("li", markup.Class(string(t.Level)), markup.Element("a", markup.Fragment(t.Part), markup.Words(what...)))
}

func (p part) html() markup.Markup {
	if p.empty() {
		return markup.Block("section", markup.Attribute("id", p.ID), markup.Class("empty"), markup.Element("h2", markup.Text(p.Title)),
			markup.Constant(`<p class="none">none</p>`))
	}
	head := []markup.Markup{markup.Text(p.Title)}
	if len(p.Badge) > 0 {
		head = append(head, inline(p.Badge))
	}
	charts, table := markup.When(len(p.Charts) > 0, markup.Block("div", markup.Class("charts"),
		markup.Lines(markup.Each(p.Charts, chart.html)...))), p.table()
	if p.beside() {
		charts, table = markup.Block("div", markup.Class("beside"), charts, table), markup.Markup{}
	}
	lines := markup.Each(p.Lines, func(list []bit) markup.Markup { return markup.Element("li", inline(list)) })
	return markup.Block("section", markup.Attribute("id", p.ID), markup.Element("h2", markup.Words(head...)), charts,
		markup.Lines(markup.Each(p.Cards, card.html)...), table,
		markup.When(len(lines) > 0, markup.Block("ul", markup.Class("lines"), markup.Lines(lines...))))
}

func (c card) html() markup.Markup {
	alerts := markup.Each(c.Alerts, func(s string) markup.Markup { return markup.Element("li", levelWarn.marks(s)) })
	return markup.Block("article", markup.Class("card", string(c.Level)), markup.Element("p", markup.Class("head"), inline(c.Head)),
		markup.When(len(c.Title) > 0, markup.Element("h3", inline(c.Title))),
		markup.When(len(c.Facts) > 0, markup.Block("dl", markup.Lines(markup.Each(c.Facts, fact.html)...))),
		markup.When(len(alerts) > 0, markup.Block("ul", markup.Class("alerts"), markup.Lines(alerts...))))
}

func (f fact) html() markup.Markup {
	value := inline(f.Value)
	if f.Text != "" {
		who := markup.When(len(f.Value) > 0, markup.Element("p", markup.Class("who"), value))
		value = markup.Element("blockquote", markup.Attribute("dir", "auto"), markup.Text(f.Text))
		return markup.Element("div", markup.Element("dt", markup.Text(f.Name)), markup.Element("dd", who, value))
	}
	return markup.Element("div", markup.Element("dt", markup.Text(f.Name)), markup.Element("dd", value))
}

func (c chart) html() markup.Markup {
	caption := []markup.Markup{markup.Element("b", markup.Text(c.Title))}
	if c.Legend != "" {
		caption = append(caption, markup.Element("span", markup.Class("legend"), markup.Text(c.Legend)))
	}
	words := markup.Element("figcaption", markup.Words(caption...))
	if c.broad() {
		return markup.Block("figure", markup.Class("sized"), words,
			markup.Element("div", markup.Class("narrow"), c.Chart), markup.Element("div", markup.Class("wide"), c.Wide))
	}
	return markup.Block("figure", words, markup.Element("div", c.Chart))
}

// table returns the table. Every element has an explicit role, because elements with another CSS display lose theirs.
func (p part) table() markup.Markup {
	t := p.Table
	if t == nil || len(t.Rows) == 0 {
		return markup.Markup{}
	}
	class := "broad"
	switch {
	case t.numbers() && t.fits():
		class = "numbers"
	case t.numbers():
		class = "numbers stacked"
	}
	role := func(s string) markup.Attr { return markup.Attribute("role", s) }
	head := markup.Element("tr", role("row"), markup.Inline(markup.Each(t.Columns, func(c column) markup.Markup {
		return markup.Element("th", role("columnheader"), markup.Attribute("scope", "col"), c.side(), markup.Text(c.Name))
	})...))
	rows := markup.Each(t.Rows, func(row []cell) markup.Markup {
		return markup.Element("tr", role("row"), markup.Inline(markup.Each(row, cell.html)...))
	})
	note := markup.When(t.Caption != "", markup.Element("p", markup.Class("note"), markup.Text(t.Caption)))
	return markup.Block("div", markup.Class("sheet"), note,
		markup.Block("div", markup.Class("scroll"), role("region"), markup.Attribute("aria-label", p.Title), markup.Attribute("tabindex", "0"),
			markup.Block("table", role("table"), markup.Class(class),
				markup.Block("thead", role("rowgroup"), head), markup.Block("tbody", role("rowgroup"), markup.Lines(rows...)))))
}

func (c column) side() markup.Attr {
	if c.Right {
		return markup.Class("right")
	}
	return markup.Attr{}
}

func (c cell) html() markup.Markup {
	return markup.Element("td", markup.Attribute("role", "cell"), markup.Attribute("data-name", c.Name), c.side(),
		markup.When(len(c.Bits) > 0, markup.Element("div", inline(c.Bits))))
}

// mark returns the shape for the level, for readers who cannot see its color.
func (l level) mark() markup.Markup {
	shape := "○"
	switch l {
	case levelBad:
		shape = "▲"
	case levelWarn:
		shape = "◆"
	case levelGood:
		shape = "✓"
	}
	return markup.Element("span", markup.Class("mark"), markup.Attribute("aria-hidden", "true"), markup.Text(shape))
}

// marks returns a text after the shape of its level.
func (l level) marks(s string) markup.Markup { return markup.Words(l.mark(), markup.Text(s)) }

// inline returns bits with blanks between them.
func inline(list []bit) markup.Markup { return markup.Words(markup.Each(list, bit.html)...) }

func (b bit) html() markup.Markup {
	text, long := markup.Text(b.Text), ""
	if b.long() {
		long = "long"
	}
	switch {
	case b.Href != "":
		return markup.Element("a", markup.Link(b.Href), markup.Attribute("rel", "noreferrer noopener"),
			markup.Element("bdi", markup.Class(long), text))
	case b.File != "":
		return markup.Element("a", markup.File(b.File), text)
	case b.Time != "":
		return markup.Element("time", markup.Attribute("datetime", b.Time), text)
	case b.Level != "":
		return markup.Element("span", markup.Class("badge", string(b.Level), long), b.Level.marks(b.Text))
	case b.Soft:
		return markup.Element("span", markup.Class("soft"), text)
	case b.Strong:
		return markup.Element("strong", text)
	case b.Apart:
		return markup.Element("bdi", markup.Class(long), text)
	}
	return text
}
