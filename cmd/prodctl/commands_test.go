package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// commands are the commands of scripts besides testscript's own:
//
//	sandbox [handbook|empty|SEED.json] [edition=E] [user=NAME]
//	        starts a GitLab on loopback with the script's clock, and sets GITLAB_HOST and GITLAB_TOKEN; a
//	        .prodctl.yaml of the script is named by PRODCTL_CONFIG, and so trusted
//	        (by default of maria, a Maintainer)
//	as NAME uses the token of another user
//	fault 'METHOD PATH-GLOB [nth=N] [every=N] KIND' | fault clear
//	        injects a fault into that GitLab, or removes all faults
//	exits CODE PROGRAM [ARG]...
//	        runs a program and checks its exit code, which exec cannot do
//	requests
//	        prints the requests since the last call, one "METHOD PATH STATUS" per line
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"sandbox": startSandbox, "as": useToken, "fault": setFault, "exits": exits, "requests": printRequests,
}

// running holds the GitLab of a script.
type running struct{ server *fakegitlab.Server }

type runningKey struct{}

func sandboxOf(ts *testscript.TestScript) *fakegitlab.Server {
	at := ts.Value(runningKey{}).(*running)
	if at.server == nil {
		ts.Fatalf("no sandbox was started")
	}
	return at.server
}

func startSandbox(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("sandbox cannot be negated")
	}
	clock := testkit.At(ts.Getenv(clockVar))
	opts := fakegitlab.Options{Now: clock.Now, Sleep: func(context.Context, time.Duration) {}}
	seed, user := fakegitlab.HandbookSeed(clock.Now()), "maria"
	for _, arg := range args {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "handbook":
		case "empty":
			seed = fakegitlab.EmptySeed(clock.Now())
		case "edition":
			opts.Edition = fakegitlab.Edition(value)
		case "user":
			user = value
		default:
			seed = readSeed(ts, arg)
		}
	}
	server := fakegitlab.New(opts)
	ts.Check(server.Apply(seed))
	listener := httptest.NewServer(server)
	ts.Defer(listener.Close)
	server.SetURL(listener.URL)
	ts.Value(runningKey{}).(*running).server = server
	ts.Setenv("GITLAB_HOST", listener.URL)
	if file := ts.MkAbs(".prodctl.yaml"); exists(file) {
		ts.Setenv("PRODCTL_CONFIG", file)
	}
	useToken(ts, false, []string{user})
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func readSeed(ts *testscript.TestScript, file string) fakegitlab.Seed {
	var seed fakegitlab.Seed
	d := json.NewDecoder(bytes.NewReader([]byte(ts.ReadFile(file))))
	d.DisallowUnknownFields()
	ts.Check(d.Decode(&seed))
	return seed
}

func useToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: as NAME")
	}
	for _, account := range sandboxOf(ts).Accounts() {
		if account.Username == args[0] {
			ts.Setenv("GITLAB_TOKEN", account.Token)
			return
		}
	}
	ts.Fatalf("the sandbox has no user %s", args[0])
}

func setFault(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: fault 'METHOD PATH-GLOB [nth=N] [every=N] KIND', or fault clear")
	}
	if args[0] == "clear" {
		sandboxOf(ts).ClearFaults()
		return
	}
	fault, err := fakegitlab.ParseFault(args[0])
	ts.Check(err)
	sandboxOf(ts).AddFault(fault)
}

func printRequests(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: requests")
	}
	for _, e := range sandboxOf(ts).Requests() {
		fmt.Fprintf(ts.Stdout(), "%s %s %d\n", e.Method, e.Path, e.Status)
	}
	sandboxOf(ts).ResetRequests()
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG]...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}
