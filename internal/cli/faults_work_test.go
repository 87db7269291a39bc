package cli_test

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// workScenarios are the writing commands of the team's issues and goals.
func workScenarios() []scenario {
	rated := work(fakegitlab.SeedIssue{Title: "Slow", Labels: []string{"AP1", "AP3", "toil"}})
	return []scenario{
		{name: "issue priority", setup: rated, args: []string{"issue", "priority", "2", "--urgency", "U2", "--impact", "I2", "-q"}},
		{name: "lint --fix", setup: fixable(), args: fixLine},
	}
}
