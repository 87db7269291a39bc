package cli_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/cli"
	"gitlab.com/prodctl/prodctl/internal/term"
)

// prodctl mcp becomes the server, with the flags that the server has, and reads and sends nothing itself.
func TestMCPStartsTheServer(t *testing.T) {
	t.Parallel()
	for _, try := range []struct {
		args, want string
		err        error
		code       int
		message    string
	}{
		{"", "", nil, 0, ""},
		{"--config a.yaml --host https://gitlab.example.com --now 2018-08-24 --timeout 90s --plans p", "--config=a.yaml --host=https://gitlab.example.com --now=2018-08-24 --plans=p --timeout=1m30s", nil, 0, ""},
		{"", "", errors.New("not found next to prodctl or in PATH"), 1, "prodctl: start prodctl-mcp: not found next to prodctl or in PATH\nhint: Install it next to prodctl: releases have an archive and a package prodctl-mcp\n"},
		{"extra", "", nil, 6, "prodctl: unexpected argument \"extra\"\n"},
	} {
		var out, errs bytes.Buffer
		var got []string
		code := cli.Main(context.Background(), append([]string{"mcp"}, strings.Fields(try.args)...), app.Machine{
			Terminal: func(bool) *term.Streams { return term.New(strings.NewReader(""), &out, &errs, term.Modes{}) },
			Getenv:   func(string) string { return "" }, Dir: t.TempDir(), Now: func() time.Time { return time.Time{} }, Become: func(program string, args []string) error {
				got = append([]string{program}, args...)
				return try.err
			},
		})
		if code != try.code || !strings.HasPrefix(errs.String(), try.message) || try.code != 6 && !slices.Equal(got, append([]string{"prodctl-mcp"}, strings.Fields(try.want)...)) || out.Len() > 0 {
			t.Errorf("%q: exit %d, started %q, %q %q", try.args, code, got, out.String(), errs.String())
		}
	}
}
