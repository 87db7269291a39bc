package seed

import (
	"fmt"
	"strings"
	"time"
)

// drillLabel is the label of the issues of restore drills.
const drillLabel = "restore drill"

// restoreTargets are what the team restores in a drill.
var restoreTargets = []struct{ name, kind, about string }{
	{"main-db", "database", "about 412 GiB): count the rows of the ten largest tables"},
	{"registry", "database", "about 38 GiB): list the tags of five projects"},
	{"uploads", "filesystem", "about 1.2 TiB): compare the checksums of a sample"},
}

// restored is one restore of a drill, in hours and minutes after the midnight of its day.
type restored struct {
	target   string
	from, to time.Duration
	verified bool
	size     string
	by, note string
}

// drillDay is the second day of the month of the last drill before a time, or the working day after it.
func drillDay(at time.Time) time.Time {
	day := time.Date(at.Year(), at.Month(), 2, 0, 0, 0, 0, time.UTC)
	if working(day).After(at) {
		day = time.Date(at.Year(), at.Month()-1, 2, 0, 0, 0, 0, time.UTC)
	}
	return working(day)
}

func working(day time.Time) time.Time {
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// openDrill is the drill of this month, which is half done: one target is verified, one failed, and one is left.
func (h timeline) openDrill(at time.Time) Issue {
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	i := h.drill(drillDay(at), at, []string{"tomas", "kate"}, []restored{
		{"main-db", 9*time.Hour + 5*time.Minute, 10*time.Hour + 53*time.Minute, true, "418 GiB", "tomas", "All rows are there"},
		{"registry", 11 * time.Hour, 11*time.Hour + 20*time.Minute, false, "", "kate", "The key of the backup is not in the vault"},
	}, day)
	i.Notes = []Note{{Author: "kate", CreatedAt: at.Add(5 * time.Hour),
		Body: "The registry has to wait for the new key. Uploads follow as soon as the test instance has enough disk."}}
	return i
}

// finishedDrill is the drill of the month before, with a number after all others: it came from another project.
func (h timeline) finishedDrill(iid int) Issue {
	day := drillDay(drillDay(h.at(0, -3, 8)).AddDate(0, 0, -3))
	i := h.drill(day, day.Add(7*time.Hour), []string{"ines", "liam"}, []restored{
		{"main-db", 9 * time.Hour, 10*time.Hour + 32*time.Minute, true, "411 GiB", "ines", "All rows are there"},
		{"registry", 10 * time.Hour, 10*time.Hour + 24*time.Minute, true, "37 GiB", "liam", ""},
		{"uploads", 11 * time.Hour, 16*time.Hour + 10*time.Minute, true, "1.2 TiB", "liam", "Slow disk on the test instance"},
	}, day)
	i.IID, i.Closed, i.ClosedAt, i.ClosedBy = iid, true, day.Add(17*time.Hour), "ines"
	return i
}

// drillText is the description of a drill.
const drillText = "Restore Appreciation Day: @%s restore the targets below to test instances on %s, time each restore and " +
	"verify the data.\n\n### Targets\n\n%s\n\n```yaml prodctl/drill\noccurrence: %q\nday: %q\npeople: [%s]\n%s\n```" +
	"\n\n<!-- prodctl:key=drill/%s.31 -->"

// drill is the issue of a drill whose restores were on a day.
func (h timeline) drill(day, opened time.Time, people []string, results []restored, on time.Time) Issue {
	i := h.issue(day.Format(time.DateOnly)+": Restore Appreciation Day", opened, people[0], drillLabel)
	i.Assignees, i.DueDate = people, day.Format(time.DateOnly)
	done, lines := map[string]bool{}, []string{}
	for n, r := range results {
		done[r.target] = done[r.target] || r.verified
		parts := []string{r.target, map[bool]string{true: "verified", false: "failed"}[r.verified],
			on.Add(r.from).Format(time.RFC3339) + " to " + on.Add(r.to).Format(time.RFC3339)}
		if r.size != "" {
			parts = append(parts, r.size)
		}
		parts = append(parts, "by "+r.by)
		if r.note != "" {
			parts = append(parts, "notes: "+r.note)
		}
		lines = append(lines, fmt.Sprintf("restore_%d: %q", n+1, strings.Join(parts, "; ")))
	}
	var tasks []string
	for _, t := range restoreTargets {
		tasks = append(tasks, fmt.Sprintf("- [%s] `%s` (%s, %s", map[bool]string{true: "x", false: " "}[done[t.name]], t.name, t.kind, t.about))
	}
	month := day.Format("2006-01")
	i.Description = fmt.Sprintf(drillText, strings.Join(people, " and @"), day.Format("Monday 2006-01-02"), strings.Join(tasks, "\n"), month,
		day.Format(time.DateOnly), strings.Join(people, ", "), strings.Join(lines, "\n"), month)
	return i
}
