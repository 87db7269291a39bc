// Command five links prodctl's five large libraries without using them, to measure their share of prodctl's start and size.
package main

import (
	"fmt"
	"os"

	"charm.land/lipgloss/v2"
	"github.com/olekukonko/tablewriter"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
	gitlab "gitlab.com/gitlab-org/api/client-go/v2"
)

func main() {
	root := &cobra.Command{Use: "five"}
	root.AddCommand(&cobra.Command{Use: "version", Run: func(cmd *cobra.Command, args []string) {
		if len(args) > 0 { // never true, but the linker keeps use
			use(args)
		}
		fmt.Fprintln(cmd.OutOrStdout(), "five 1")
	}})
	if root.Execute() != nil {
		os.Exit(1)
	}
}

func use(args []string) {
	settings := viper.New()
	client, err := gitlab.NewClient(settings.GetString(args[0]))
	if err != nil {
		return
	}
	user, _, err := client.Users.CurrentUser()
	table := tablewriter.NewTable(os.Stdout)
	if err == nil && table.Append([]string{lipgloss.NewStyle().Bold(true).Render(user.Username)}) == nil {
		_ = table.Render()
	}
}
