package cli_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/term"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// The canaries: a word of confidential issues, a label of one that the project has, and [internalWord] in internal comments of any issue.
const (
	canary      = "zanary"
	canaryLabel = "xanary-label"
)

// canaryWalk has the lines that are run for each command, by its path. A command that is not here fails the test. Issues 1 and 3 are
// confidential in the infrastructure tracker, 1 (an incident) and 3 (a change) in the production tracker. Own words of a line may appear.
var canaryWalk = map[string][]string{
	"apply":          {}, // below, for every line that writes
	"approval audit": {"approval audit"},
	"approval check": {"approval check --mr acme/production!1"},
	"auth login":     nil, // about tokens
	"auth logout":    nil,
	"auth status":    {"auth status"},
	"board init":     {"board init --yes"},
	"board move":     {"board move 1 Waiting", "board move 1 completed", "board move 1 nowhere", "board move 99 Waiting"},
	"board show":     {"board show --ages all", "board show --milestone current"},
	"change abort":   {"change abort 3 -m own", "change abort 4 -m own", "change abort 1 -m own"},
	"change approve": {"change approve 3 -m own", "change approve 4 -m own"},
	"change finish":  {"change finish 3 -m own", "change finish 4 -m own"},
	"change gate":    {"change gate", "change gate --change 3", "change gate --change 4", "change gate --service zanary-service"},
	"change list":    {"change list --all"},
	"change open": {"change open Own --criticality C4 --confidential --service own --link production#1", "change open Own --criticality C4 --link production#1",
		"change open Zanary+change --criticality C3 --confidential"},
	"change record":     {"change record --type deployment --environment production --service own --outcome failure"},
	"change show":       {"change show 3", "change show 4", "change show 1"},
	"change start":      {"change start 3 -m own", "change start 4 -m own", "change start 3 --override own"},
	"status":            {"status"},
	"completion":        {"__complete incident show 1", "__complete change show 1", "__complete handoff take 1", "__complete board move 1", "__complete incident list --service 1"},
	"config edit":       nil, // an editor
	"config get":        {"config get trackers"},
	"config set":        {"config set timeout 5m --dry-run"},
	"config migrate":    {"config migrate --dry-run"},
	"config path":       {"config path"},
	"config schema":     nil,
	"config show":       {"config show"},
	"config trust":      {"config trust"},
	"config validate":   {"config validate"},
	"demo":              nil, // its own GitLab
	"doctor":            {"doctor"},
	"goal check":        {"goal check"},
	"goal list":         {"goal list"},
	"goal slice":        {"goal slice 1 Own", "goal slice 2 Own"},
	"handoff":           {"handoff", "handoff --post", "handoff --post --include-confidential", "handoff --shift last", "handoff --as-of 15:30"},
	"handoff accept":    {"handoff accept", "handoff accept -m own"},
	"handoff check":     {"handoff check"},
	"handoff list":      {"handoff list"},
	"handoff mark":      {"handoff mark 1 --left-off own --next own --if own", "handoff mark 2 --left-off own --next own"},
	"handoff take":      {"handoff take 1", "handoff take 2 -m own"},
	"incident action":   {"incident action 1 Own -m own", "incident action 2 Own -m own"},
	"incident actions":  {"incident actions", "incident actions 1", "incident actions 2", "incident actions --remind --yes --now 2018-12-24T16:00:00Z"},
	"incident adopt":    {"incident adopt 1", "incident adopt 2"},
	"incident check":    {"incident check", "incident check --exit-code"},
	"incident changes":  {"incident changes 1 --before 24h", "incident changes 2 --before 24h"},
	"incident list":     {"incident list --all", "incident list --service zanary-service"},
	"incident mitigate": {"incident mitigate 1 -m own", "incident mitigate 2 -m own"},
	"incident open": {"incident open Own --service own --link production#1", "incident open Own --service own --confidential", "incident open Own -s S1 --link production#1 --assign nobody",
		"incident open Other --key canary-key -m own", "incident open Zanary+title --confidential -m own", "incident open Zanary+over --confidential", "incident open --from alert.json", "incident open --from alerts.json --confidential"},
	"incident reopen":    {"incident reopen 1 -m own", "incident reopen 5 -m own"},
	"incident resolve":   {"incident resolve 1 -m own", "incident resolve 2 -m own --close"},
	"incident review":    {"incident review 5 --force", "incident review 5 --force --include-confidential", "incident review 2 --force", "incident review 5 --done"},
	"incident show":      {"incident show 1", "incident show 2 --changes", "incident show 3"},
	"incident timeline":  {"incident timeline 1", "incident timeline 2"},
	"incident update":    {"incident update 1 -m own --service own", "incident update 2 -m own --next own --if own", "incident update 5 -m own"},
	"init":               nil, // before there is a configuration
	"issue list":         {"issue list", "issue list --column ready --carried 1"},
	"issue priority":     {"issue priority 1 --urgency U2 --impact I2", "issue priority 2 --urgency U2 --impact I2"},
	"issue request":      {"issue request Own --why own --confidential --team own", "issue request Zanary+title --confidential", "issue request Own --urgent --oncall"},
	"issue show":         {"issue show 1", "issue show 2"},
	"issue ready":        {"issue ready 1 2 3"},
	"label apply":        {"label apply --yes"},
	"label list":         {"label list --counts"},
	"label plan":         {"label plan --prune"},
	"lint":               {"lint", "lint --fix --yes"},
	"lock check":         {"lock check"},
	"lock list":          {"lock list"},
	"lock sync":          {"lock sync --project acme/production --remove 1 --yes"},
	"mcp":                nil, // internal/mcp has a walk of its own
	"milestone ensure":   {"milestone ensure --yes"},
	"milestone list":     {"milestone list --all"},
	"milestone plan":     {"milestone plan --current", "milestone plan --current --theme own"},
	"milestone roll":     {"milestone roll --yes"},
	"milestone show":     {"milestone show"},
	"milestone sweep":    {"milestone sweep --yes"},
	"milestone velocity": {"milestone velocity"},
	"oncall check":       {"oncall check"},
	"oncall next":        {"oncall next"},
	"oncall now":         {"oncall now"},
	"oncall schedule":    {"oncall schedule"},
	"queue merge":        {"queue merge --from production --yes", "queue merge --from production --include-confidential --yes"},
	"rad open":           {"rad open", "rad open --occurrence 2018-09 --early"},
	"rad record":         {"rad record 3 --target db --start 14:00 --end 15:00 --verified -m own", "rad record --target uploads --start 14:00 --failed -m own", "rad record 1 --target db --start 14:00 --verified -m own"},
	"rad status":         {"rad status", "rad status --exit-code"},
	"report flow":        {"report flow"},
	"report incidents":   {"report incidents"},
	"report labels":      {"report labels"},
	"budget":             {"budget", "budget --explain", "budget --service registry"},
	"report readiness":   {"report readiness"},
	"report site":        {"report site public", "report site public --audience tracker"},
	"report weekly":      {"report weekly", "report weekly --view call", "report weekly --post", "report weekly --post --include-confidential"},
	"sandbox":            nil,
	"version":            {"version"},
}

// byLabel are the commands about labels as such, which everybody who reads the project may see.
var byLabel = []string{"label", "board init", "doctor", "queue merge"}

// canaryLab is a tracker with canaries in everything that a confidential issue has, and in internal comments of public ones.
func canaryLab(t *testing.T, config string) *lab {
	t.Helper()
	at := time.Date(2018, 8, 24, 15, 0, 0, 0, time.UTC)
	mark := func(text string) fakegitlab.SeedNote {
		return fakegitlab.SeedNote{Body: eventlog.Body(handoff.NewMark(at, handoff.Texts{LeftOff: text, Next: text, If: text}), "15:00 UTC, ready to hand off"), CreatedAt: at}
	}
	inside := func(n fakegitlab.SeedNote) fakegitlab.SeedNote { n.Internal = true; return n }
	l := newLab(t, setup{carried: 3, config: drills + config, seed: func(s *fakegitlab.Seed) {
		p := &s.Projects[0]
		p.Labels = append(p.Labels, fakegitlab.SeedLabel{Name: canaryLabel})
		for n, labels := range [][]string{{"In Progress", "oncall", "Ready_to_Handoff", canaryLabel}, {"Ready", "oncall", "Ready_to_Handoff"}, {"Outage", "oncall"}} {
			p.Issues[n].Labels = labels
		}
		for _, n := range []int{0, 2} {
			i := &p.Issues[n]
			i.Title, i.Description, i.Confidential = "Zanary title", "Zanary text\n\n- [ ] zanary step", true
			i.Notes = []fakegitlab.SeedNote{{Body: "zanary comment", CreatedAt: at}, mark("zanary mark"), inside(fakegitlab.SeedNote{Body: "zanary " + internalWord, CreatedAt: at})}
		}
		p.Issues[2].Labels = append(p.Issues[2].Labels, "restore drill")
		p.Issues[2].Description += "\n\n```yaml prodctl/drill\noccurrence: 2018-07\nday: 2018-07-27\npeople: [zanary]\n" +
			"restore_1: db; verified; 2018-07-27T09:00:00Z to 2018-07-27T10:00:00Z; 1 GiB; by zanary; notes zanary\nrestore_2: zanary\n```"
		p.Issues[1].Notes = []fakegitlab.SeedNote{inside(mark(internalWord)), inside(fakegitlab.SeedNote{Body: internalWord, CreatedAt: at.Add(time.Minute)})}
	}})
	open := []string{"change", "open", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "zanary rollback", "--service", "zanary-service"}
	for _, args := range [][]string{
		{"incident", "open", "Zanary title", "-s", "S1", "--started", "3h", "--confidential", "--service", "zanary-service", "-m", "zanary text", "--key", "canary-key", "--link", "infrastructure#1"},
		{"incident", "open", "Registry returns 500s", "-s", "S1", "--started", "3h", "--link", "production#1", "--link", "infrastructure#1"},
		append(slices.Clone(open), "Zanary change", "--confidential", "--reason", "zanary reason", "--step", "zanary step", "--link", "production#1"),
		{"change", "open", "Move it", "--criticality", "C3", "--start", "2018-08-24 16:00", "--duration", "30m", "--rollback", "back", "--link", "production#3"},
		{"incident", "open", "Zanary over", "-s", "S2", "--started", "5h", "--confidential"},
		{"incident", "update", "1", "-m", "zanary update", "--cause", "zanary cause", "--service", "zanary-other"},
		{"incident", "action", "1", "Zanary action", "-m", "zanary", "--owner", "dev"},
		{"incident", "mitigate", "5", "-m", "zanary"}, {"incident", "resolve", "5", "-m", "zanary"},
		{"change", "record", "--type", "deployment", "--outcome", "success", "-m", "zanary record", "--environment", "zanary", "--key", "auto-20180824-z", "--now", "2018-08-24T12:30:00Z"},
	} {
		l.must(t, args...)
	}
	l.web("mara", "PUT", "/issues/6", `{"confidential":true}`)
	l.internally(t, prod, 2, l.internalEvent(incident.Mitigate, 2*time.Hour))
	l.internally(t, prod, 2, "By hand: "+internalWord)
	l.internally(t, prod, 1, "zanary: "+internalWord)
	override := change.NewEvent(change.Override, at, nil, internalWord)
	l.internally(t, prod, 4, eventlog.Body(override, "15:00 UTC, overridden: "+internalWord))
	return l
}

// canaryForms are the formats of the walk. Only a page on a terminal may show confidential issues.
func canaryForms(args []string) []screen {
	forms := append(screens(), screen{"pipe without --debug", term.Modes{}, nil})
	switch {
	case args[0] == "handoff" && len(args) == 1 || args[0] == "report":
		forms = append(forms, screen{"html", term.Modes{}, []string{"-o", "html"}})
	case args[0] == "oncall":
		forms = append(forms, screen{"ics", term.Modes{}, []string{"-o", "ics"}})
	}
	return forms
}

// canaryFaults are what GitLab does in the walk.
var canaryFaults = []string{
	"", "ANY ** status=500", "POST ** status=403", "PUT ** status=403", "POST ** drop-before", "PUT ** drop-after", "GET /projects/*/issues/*/notes status=500",
	"POST /projects/*/issues/*/notes nonsense-after", "GET /projects/*/issues/* html",
	"GET ** truncate", "GET /projects/*/issues/* other", "PUT /projects/*/issues/* other-after", "POST /projects/*/issues/*/notes other-after",
}

// TestNoCanaryGetsOut runs every command in every format, as it is, with --dry-run, with a plan file and with a GitLab that fails. Nothing
// about a confidential issue but its reference, state and severity gets out, and no word of an internal comment (promise W7).
func TestNoCanaryGetsOut(t *testing.T) {
	t.Parallel()
	l := canaryLab(t, "")
	l.ownDir(t)
	before := fmt.Sprint(labelNames(l.server.Snapshot().Project(prod)))
	walk(newTree(), func(cmd *cobra.Command) {
		path := strings.TrimPrefix(cmd.CommandPath(), "prodctl ")
		lines, listed := canaryWalk[path]
		if !runs(cmd) && path != "handoff" {
			return
		}
		if !listed {
			t.Errorf("%s is not in the walk of canaries: add lines for it to canaryWalk", path)
		}
		writes := strings.Contains(fmt.Sprint(cmd.Annotations), "plan-file")
		for _, line := range lines {
			for n, form := range canaryForms(strings.Fields(line)) {
				for k, fault := range canaryFaults {
					if sampled(map[bool]uint64{true: 6, false: 120}[k == 0], line, n, k) {
						l.walks(t, line, form, fault, writes)
					}
				}
			}
		}
	})
	if after := fmt.Sprint(labelNames(l.server.Snapshot().Project(prod))); before != after || strings.Contains(before, canary) {
		t.Errorf("labels %s", before)
	}
}

// walks runs a line in one form, and a line that writes also with --dry-run and through a plan file.
func (l *lab) walks(t *testing.T, line string, form screen, fault string, writes bool) {
	t.Helper()
	args := append(canaryArgs(line), form.flags...)
	runs := [][]string{args}
	if writes && fault == "" {
		runs = [][]string{append(slices.Clone(args), "--dry-run"), append(slices.Clone(args), "--plan-file", "plan.json"), {"apply", "plan.json", "--yes"}, args}
	}
	own := l.copy()
	defer own.clear()
	if fault != "" {
		own.fault(t, fault)
	}
	for _, args := range runs {
		own.checkCanaries(t, strings.Join(args, " ")+" ("+form.name+", "+fault+")", line, form, own.runOn(form.modes, "", args...))
	}
}

// clear removes the files that the runs wrote into the lab's folder.
func (l *lab) clear() {
	entries, _ := os.ReadDir(l.dir)
	for _, e := range entries {
		if e.Name() != ".prodctl.yaml" {
			_ = os.RemoveAll(filepath.Join(l.dir, e.Name()))
		}
	}
}

// canaryArgs are the arguments of a line, in which a plus is a blank.
func canaryArgs(line string) []string {
	if strings.HasPrefix(line, "__complete") {
		line, _, _ = strings.Cut(line, " 1")
		return append(strings.Fields(line), "")
	}
	args := strings.Fields(line)
	for n := range args {
		args[n] = strings.ReplaceAll(args[n], "+", " ")
	}
	return args
}

// checkCanaries looks for canaries in what a run wrote, in the files of its folder, and in what less closed places of GitLab have now.
func (l *lab) checkCanaries(t *testing.T, what, line string, form screen, r ran) {
	t.Helper()
	text, words := strings.ToLower(r.out+"\n"+r.errors), []string{internalWord}
	if logged := strings.ToLower(r.errors); strings.Contains(logged, canary) && !strings.ContainsAny(line, "+z") {
		t.Errorf("%s logs %s", what, logged) // not even on a terminal
	}
	if !form.modes.OutTTY && !strings.Contains(line, "--include-confidential") {
		words = append(words, canary)
		if !slices.ContainsFunc(byLabel, func(prefix string) bool { return strings.HasPrefix(line, prefix) }) {
			words = append(words, canaryLabel)
		}
	}
	for _, word := range words {
		for _, own := range canaryArgs(line) { // the words of the line itself
			text = strings.ReplaceAll(text, strings.ToLower(own), "")
		}
		if at := strings.Index(text, word); at >= 0 {
			t.Errorf("%s shows %s: ...%s...", what, word, text[max(0, at-300):min(len(text), at+200)])
			return
		}
	}
	own := slices.ContainsFunc(canaryArgs(line), func(arg string) bool { return strings.Contains(strings.ToLower(arg), canary) })
	if list := l.published(strings.Contains(line, "--include-confidential")); len(list) > 0 {
		t.Errorf("%s published\n%s", what, strings.Join(list, "\n"))
	}
	_ = filepath.WalkDir(l.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == ".prodctl.yaml" {
			return err
		}
		data, err := os.ReadFile(path)
		for _, word := range words {
			if !own && strings.Contains(strings.ToLower(string(data)), word) {
				t.Errorf("%s saved %s in %s:\n%s", what, word, path, data)
			}
		}
		return err
	})
}

// The same with an on-call log that is confidential: it may have confidential issues, and no internal comment; what is printed or saved about
// it may have neither.
func TestNoCanaryGetsOutOfAConfidentialLog(t *testing.T) {
	t.Parallel()
	l := canaryLab(t, "handoff: {confidential: true}\n")
	l.ownDir(t)
	for _, line := range []string{"handoff --post", "report weekly --post", "report weekly --post --close"} {
		for n, form := range canaryForms([]string{"lock"}) {
			for _, fault := range []string{"", "POST /projects/*/issues drop-before", "POST /projects/*/issues/*/notes status=403"} {
				if sampled(10, line+fault, n) {
					l.walks(t, line, form, fault, true)
				}
			}
		}
	}
}

// published lists the places with canaries that more people can read than the words of the canary. With included, confidential issues may
// be published, and internal comments may not.
func (l *lab) published(included bool) []string {
	shot := l.server.Snapshot()
	list := leaksOf(shot, internalWord)
	if included {
		return list
	}
	for _, path := range []string{infra, prod} {
		p := shot.Project(path)
		for _, i := range p.Issues {
			if text := strings.ToLower(fmt.Sprint(i.Title, i.Description, i.Labels, i.Notes)); !i.Confidential && strings.Contains(text, canary) {
				list = append(list, fmt.Sprintf("%s#%d: %s", path, i.IID, text))
			}
		}
		if text := strings.ToLower(fmt.Sprint(labelNames(p), p.Milestones, p.Boards)); strings.Contains(text, canary) || strings.Contains(text, internalWord) {
			list = append(list, path+": "+text)
		}
	}
	return list
}

// The form of a hand-off note that the editor gets has no words of a confidential issue or of an internal comment.
func TestNoCanaryInTheForm(t *testing.T) {
	t.Parallel()
	for number, show := range map[string]string{"1": "zanary mark", "2": internalWord} {
		for _, flags := range [][]string{nil, {"--include-confidential"}} {
			l := canaryLab(t, "")
			form := ""
			l.written(func(file string) error {
				data, err := os.ReadFile(file)
				form = strings.ToLower(string(data))
				return err
			}, "", append([]string{"handoff", "mark", number}, flags...)...)
			if shown := strings.Contains(form, show); shown != (flags != nil) || !strings.Contains(form, "## left off") {
				t.Errorf("issue %s with %q, shown: %v\n%s", number, flags, shown, form)
			}
			if flags == nil && strings.Contains(form, canary) {
				t.Errorf("issue %s: the form has\n%s", number, form)
			}
		}
	}
}

// The walk would find what it looks for: with --include-confidential the same commands show the canaries.
func TestCanariesAreThere(t *testing.T) {
	t.Parallel()
	l := canaryLab(t, "")
	for line, words := range map[string][]string{
		"board show": {"zanary title"}, "incident list --all": {"zanary title", "zanary cause", "zanary-other"}, "incident show 1": {"zanary title", "zanary action"}, "incident show 2": {internalWord},
		"incident timeline 1": {"zanary update", internalWord}, "incident timeline 2": {internalWord}, "incident changes 2 --before 24h": {"zanary"}, "change list --all": {"zanary change"},
		"change show 3": {"zanary step", "zanary rollback"}, "handoff": {"zanary title", internalWord}, "handoff list": {"zanary mark", internalWord},
		"handoff take 2": {internalWord}, "report weekly": {"zanary title"}, "report incidents": {"zanary title"}, "budget": {"zanary title"}, "change gate": {"zanary title"}, "issue ready 1": {"zanary title"}, "status": {"zanary title"},
	} {
		r := l.copy().runOn(term.Modes{}, "", append(strings.Fields(line), "-o", "json", "--include-confidential")...)
		for _, word := range words {
			if !strings.Contains(strings.ToLower(r.out), word) {
				t.Errorf("%s has no %q (exit %d)\n%s%s", line, word, r.code, r.out, r.errors)
			}
		}
	}
}
