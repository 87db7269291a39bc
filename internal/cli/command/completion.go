package command

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/input"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Patience is the time limit for live values after the user pressed Tab.
const Patience = time.Second

// Bounds of the issues that are offered, newest first: their number, and where any issue is valid, the age of the last activity.
const (
	mostIssues = 50
	oldest     = 90 * 24 * time.Hour
)

// completing reports whether a shell asks for candidates. Completions are registered only then, because cobra keeps them, and with them
// the command tree, until the process ends.
func completing(a *app.App) bool {
	return len(a.Args) > 0 && strings.HasPrefix(a.Args[0], cobra.ShellCompRequestCmd)
}

// completeFlags registers completion for flags. A flag that takes a file is left to the shell.
func completeFlags(a *app.App, cmd *cobra.Command) {
	nothing := cobra.NoFileCompletions
	cmd.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		if _, known := cmd.GetFlagCompletionFunc(f.Name); known {
			return
		}
		name, usage := pflag.UnquoteUsage(f)
		f.Usage = usage // cobra shows it as it is
		complete := nothing
		if c, ok := own(f).(input.Completer); ok {
			complete = candidates(a, c)
		} else if name == "file" {
			return
		}
		if err := cmd.RegisterFlagCompletionFunc(f.Name, complete); err != nil {
			panic("command: " + err.Error()) // the flag was just found
		}
	})
}

// completeArgs registers completion for arguments.
func completeArgs(a *app.App, cmd *cobra.Command, args []Arg) {
	cmd.ValidArgsFunction = func(cmd *cobra.Command, given []string, raw string) ([]string, cobra.ShellCompDirective) {
		n := len(given)
		if last := len(args) - 1; n > last && last >= 0 && args[last].Many {
			n = last
		}
		if n < len(args) {
			if c, ok := args[n].Value.(input.Completer); ok {
				return candidates(a, c)(cmd, given, raw)
			}
			if args[n].Value.Type() == "file" {
				return nil, cobra.ShellCompDirectiveDefault
			}
		}
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
}

// candidates offers words that start with the input. If that takes longer than [Patience], or fails, it offers nothing and stays silent.
// It asks no question, writes nothing, and ignores a file that is not trusted.
func candidates(a *app.App, c input.Completer) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, raw string) ([]string, cobra.ShellCompDirective) {
		a.Completing, a.Global.Quiet = true, true
		a.Flags = cmd.Flags() // completion runs no command, so nothing has read them yet
		ctx, cancel := context.WithTimeout(cmd.Context(), cmp.Or(a.Patience, Patience))
		defer cancel()
		list, err := c.Candidates(ctx, source(a), raw)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var out []string
		for _, found := range list {
			if !strings.HasPrefix(strings.ToLower(found.Word), strings.ToLower(raw)) {
				continue
			}
			if found.Meaning != "" {
				found.Word += "\t" + found.Meaning
			}
			out = append(out, found.Word)
		}
		return slices.Compact(out), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// source provides the candidates. It is empty without a configuration, and when the file is not trusted.
func source(a *app.App) input.Source {
	now, err := a.Clock()
	if err != nil {
		now = a.Now()
	}
	cfg, err := a.Config()
	if err != nil || cfg.Trust == config.Untrusted {
		return input.Source{Now: now.UTC()}
	}
	return input.Source{
		Config: cfg,
		Now:    now.UTC(),
		Issues: func(ctx context.Context, in target.Target, label string) ([]issue.Issue, error) {
			return newest(ctx, a, in, cfg.IncidentLabels(), label)
		},
		Milestones: func(ctx context.Context) ([]milestone.Milestone, error) { return openMilestones(ctx, a, cfg) },
		MergeRequests: func(ctx context.Context, project string) ([]mergerequest.MergeRequest, error) {
			client, err := a.Client(ctx)
			if err != nil {
				return nil, err
			}
			list, err := client.NewestMergeRequests(ctx, project)
			return list[:min(len(list), mostIssues)], err
		},
		Projects: func(ctx context.Context, raw string) ([]string, error) { return projects(ctx, a, raw) },
	}
}

// newest are the newest open issues of a project, all or those with a label. Incidents may be of GitLab's own type instead.
func newest(ctx context.Context, a *app.App, in target.Target, labels incident.Labels, label string) ([]issue.Issue, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	if label == labels.Incident && label != "" {
		list, err := workflow.OpenIncidents(ctx, client, in.Path, labels)
		list = slices.DeleteFunc(list, func(i issue.Issue) bool { return !labels.Is(i) })
		slices.Reverse(list)
		return list[:min(len(list), mostIssues)], err
	}
	q := issue.Query{State: issue.Opened}
	if label != "" {
		q.Labels = []string{label}
	} else {
		now, err := a.Clock()
		if err != nil {
			return nil, err
		}
		q.UpdatedAfter = now.Add(-oldest)
	}
	var list []issue.Issue
	for found, err := range client.Issues(ctx, in, q) {
		if err != nil {
			return nil, err
		}
		list = append(list, found)
	}
	slices.Reverse(list)
	return list[:min(len(list), mostIssues)], nil
}

func openMilestones(ctx context.Context, a *app.App, cfg config.Config) ([]milestone.Milestone, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	return client.Milestones(ctx, cfg.MilestoneTarget(), milestone.Query{State: milestone.Active})
}

func projects(ctx context.Context, a *app.App, raw string) ([]string, error) {
	client, err := a.Client(ctx)
	if err != nil {
		return nil, err
	}
	found, err := client.Projects(ctx, raw[strings.LastIndexByte(raw, '/')+1:])
	var paths []string
	for _, p := range found {
		paths = append(paths, p.Path)
	}
	return paths, err
}
