// Command bare is a cobra program with one command and nothing else, to compare the start of prodctl with.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() {
	root := &cobra.Command{Use: "bare"}
	root.AddCommand(&cobra.Command{Use: "version", Run: func(cmd *cobra.Command, _ []string) { fmt.Fprintln(cmd.OutOrStdout(), "bare 1") }})
	if root.Execute() != nil {
		os.Exit(1)
	}
}
