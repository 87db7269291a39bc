// Command gendocs generates files from prodctl's command tree: the reference in docs/reference, and for a release the man pages and
// the completion scripts. For a release it also writes the licenses of what the programs link, and the section in CHANGELOG.md from its
// notes. Start with page.go, the model of a command's help, with notices.go or with changelog.go. Nothing is published here.
//
//	go run ./cmd/gendocs                                  rewrites docs/reference and the section that has no date yet
//	go run ./cmd/gendocs -check                           fails if one of them is out of date
//	go run ./cmd/gendocs -changelog V [-date 2018-08-24]  begins the section of a release, or ends it with its date
//	go run ./cmd/gendocs -build DIR -release V            writes what a release packs beside the programs, not the reference
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gendocs: "+err.Error())
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := flag.NewFlagSet("gendocs", flag.ContinueOnError)
	reference := flags.String("reference", filepath.FromSlash("docs/reference"), "folder of the reference")
	check := flags.Bool("check", false, "compare with the reference instead of writing it")
	build := flags.String("build", "", "folder for man pages, completion scripts and licenses")
	release := flags.String("release", "", "release that the man pages name")
	version := flags.String("changelog", "", "version whose section in CHANGELOG.md is written from its notes")
	date := flags.String("date", "", "date of that version; removes the notes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *version != "" || *date != "" {
		return writeChangelog(".", *version, *date)
	}
	root := cli.NewRoot(new(app.App)) // no command is run, so it needs no machine
	pages := pagesOf(root)
	switch {
	case *check:
		return errors.Join(drift(*reference, markdownFiles(pages)), changelogDrift("."))
	case *build == "":
		return errors.Join(replace(*reference, markdownFiles(pages)), writeChangelog(".", "", ""))
	}
	return packed(*build, *release, root)
}

// packed writes what a release packs beside the programs.
func packed(dir, release string, root *cobra.Command) error {
	man := manFiles(pagesOf(root), release)
	compressed, err := gzipped(man)
	if err != nil {
		return err
	}
	scripts, err := completionFiles(root)
	if err != nil {
		return err
	}
	linked, err := everyLinked()
	if err != nil {
		return err
	}
	for folder, want := range map[string]files{"man": man, "man-gz": compressed, "completions": scripts, "notices": noticeFiles(linked)} {
		if err := replace(filepath.Join(dir, folder), want); err != nil {
			return err
		}
	}
	return nil
}

// files are the contents of files by name.
type files map[string]string

// replace writes these files to dir and removes all others.
func replace(dir string, want files) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	have, err := existing(dir)
	if err != nil {
		return err
	}
	for _, name := range have {
		if _, ok := want[name]; !ok {
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				return err
			}
		}
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// drift returns an error that lists the files of dir that differ from those that would be written.
func drift(dir string, want files) error {
	have, err := existing(dir)
	if err != nil {
		return err
	}
	var wrong []string
	for _, name := range have {
		if _, ok := want[name]; !ok {
			wrong = append(wrong, name+" (nothing is generated for it)")
		}
	}
	for name, text := range want {
		data, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			wrong = append(wrong, name+" (missing)")
		case err != nil:
			return err
		case !bytes.Equal(data, []byte(text)):
			wrong = append(wrong, name)
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("%s is out of date (to fix: go run ./cmd/gendocs):\n  %s", dir, strings.Join(wrong, "\n  "))
}

// existing returns the names of the files in dir; none if dir does not exist.
func existing(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	return names, err
}
