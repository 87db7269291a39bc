package html

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Site is a set of pages that lead to each other. Its documents are shown as they are, so withhold confidential issues before.
type Site struct {
	Name      string          // what the reports are about
	At        string          // the instant of the reports
	Note      string          // who the site is for
	Weeks     []jsonv1.Weekly // the latest first
	Incidents jsonv1.IncidentStats
	Budget    jsonv1.Budget
	Flow      *jsonv1.Flow // nil: the team has no board
	Schedule  jsonv1.OncallSchedule
	In        *time.Location
}

// The files of a site, aside from a page for each week.
const (
	indexFile     = "index.html"
	incidentsFile = "incidents.html"
	budgetFile    = "budget.html"
	flowFile      = "flow.html"
	scheduleFile  = "oncall.html"

	CalendarFile = "oncall.ics" // for calendar programs
)

// Page is a file of a site.
type Page struct{ Name, Text string }

// Pages returns the pages of the site, the index at the end.
func (s Site) Pages() []Page {
	var list []Page
	for _, f := range s.files() {
		list = append(list, Page{f.name, s.html(f)})
	}
	return list
}

// file is a page that is not written yet.
type file struct {
	name string
	page func() page
}

func (s Site) html(f file) string {
	p := f.page()
	p.Nav = s.nav(f.name)
	return p.html()
}

func (s Site) files() []file {
	var list []file
	for n := range s.Weeks {
		list = append(list, file{weekFile(s.Weeks[n]), func() page { return s.week(n) }})
	}
	list = append(list, file{incidentsFile, func() page { return statsPage(s.Incidents, s.In) }},
		file{budgetFile, func() page { return budgetPage(s.Budget, s.In) }})
	if s.Flow != nil {
		list = append(list, file{flowFile, func() page { return flowPage(*s.Flow, s.In) }})
	}
	return append(list, file{scheduleFile, func() page { return schedulePage(s.Schedule, s.At, s.In) }}, file{indexFile, s.index})
}

// week is the page of a week, with links to those beside it.
func (s Site) week(n int) page {
	p := weeklyPage(s.Weeks[n], s.In)
	var beside []bit
	if n+1 < len(s.Weeks) {
		beside = append(beside, bit{Text: "Week before", File: weekFile(s.Weeks[n+1])})
	}
	if n > 0 {
		beside = append(beside, bit{Text: "Week after", File: weekFile(s.Weeks[n-1])})
	}
	if len(beside) > 0 {
		p.Lead = append(p.Lead, beside)
	}
	return p
}

func weekFile(doc jsonv1.Weekly) string { return "week-" + strings.ToLower(doc.Week) + ".html" }

// nav is the navigation of a page.
func (s Site) nav(here string) []fileLink {
	list := []fileLink{{"Overview", indexFile}}
	if len(s.Weeks) > 0 {
		list = append(list, fileLink{"Last week", weekFile(s.Weeks[0])})
	}
	list = append(list, fileLink{"Incidents", incidentsFile}, fileLink{"Error budget", budgetFile})
	if s.Flow != nil {
		list = append(list, fileLink{"Flow", flowFile})
	}
	list = append(list, fileLink{"On call", scheduleFile})
	for n, l := range list {
		if l.File == here {
			list[n].File = ""
		}
	}
	return list
}

// index is the overview: the last week in a headline and three numbers, all weeks in a table, and what the other pages say.
func (s Site) index() page {
	w := when{s.In}
	p := page{Kicker: "Reports", Title: []string{layout.OneLine(s.Name)},
		Lead:    [][]bit{append(bits(plain("As of")), w.moment(s.At), plain("· times in "+w.zone()))},
		Verdict: verdict{Level: levelPlain, Text: "No week is over yet."}}
	if s.Note != "" {
		p.Lead = append(p.Lead, bits(plain(s.Note)))
	}
	if len(s.Weeks) > 0 {
		p.Verdict = weeklyVerdict(s.Weeks[0])
		p.Verdict.Text = "Week " + s.Weeks[0].Week + ": " + strings.ToLower(p.Verdict.Text[:1]) + p.Verdict.Text[1:]
		for n := range p.Verdict.Counts {
			p.Verdict.Counts[n].Part = "weeks"
		}
	}
	p.Parts = []part{s.weeks(), s.more(w)}
	return p
}

// weeks has a row for each week, with the numbers of its report.
func (s Site) weeks() part {
	t := table{Columns: []column{{"Week", false}, {"Incidents", true}, {"S1, S2", true}, {"Changes", true}, {"Failed", true}}}
	var series []point
	var texts []string
	for _, doc := range s.Weeks {
		count := func(metrics ...string) (n int) {
			for _, c := range doc.Counts {
				if slices.Contains(metrics, c.Metric) {
					n += c.Current
				}
			}
			return n
		}
		number := func(metrics ...string) []bit { return bits(plain(strconv.Itoa(count(metrics...)))) }
		t.row(bits(bit{Text: layout.OneLine(doc.Week), File: weekFile(doc)}), number("incidents"), number("S1", "S2"), number("changes"),
			number("failures"))
		series = append(series, point{doc.Week, count("incidents")})
		texts = append(texts, fmt.Sprintf("%s: %d", doc.Week, count("incidents")))
	}
	p := part{ID: "weeks", Title: "Week by week", Table: &t}
	if len(series) > 0 {
		slices.Reverse(series)
		slices.Reverse(texts)
		p.Charts = []chart{{Title: "Incidents per week", Legend: "Incidents that started in each week.",
			Chart: chartColumns("weeks-chart", "Incidents per week", strings.Join(texts, "; ")+".", svgNarrow, series)}}
	}
	return p
}

// more says in a sentence what each of the other pages says.
func (s Site) more(w when) part {
	stats, spent, schedule := statsVerdict(s.Incidents), budgetVerdict(s.Budget, w), scheduleVerdict(s.Schedule, s.At, w)
	since := " since " + s.Incidents.From
	lines := [][]bit{
		bits(bit{Text: "Incidents", File: incidentsFile}, plain(words.Count(s.Incidents.Count, "incident")+since+". "+stats.More)),
		bits(bit{Text: "Error budget", File: budgetFile}, plain(spent.Text+" "+spent.More)),
	}
	if s.Flow != nil {
		lines = append(lines, bits(bit{Text: "Flow", File: flowFile}, plain(flowVerdict(*s.Flow).Text)))
	}
	lines = append(lines, bits(bit{Text: "On call", File: scheduleFile}, quote(schedule.Text)),
		bits(bit{Text: "Calendar", File: CalendarFile}, plain("The on-call shifts for calendar programs.")))
	return part{ID: "pages", Title: "Pages", Lines: lines}
}
