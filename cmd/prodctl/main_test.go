package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// TestMain makes this test binary behave as prodctl if it is called by that name, so that scripts run what users run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"prodctl": func() { os.Exit(run(scripted())) }})
}

// clockVar is the variable with the time of a script's clock, RFC 3339. By default it is the last day of the handbook's own example.
const clockVar = "CLOCK"

// scripted returns the machine for scripts: the real one, with a fixed clock, without waiting, and without the keyring of the
// person who runs the tests.
func scripted() app.Machine {
	m := machine()
	m.Keyring = nil
	m.Jitter = func() float64 { return 0 }
	m.Patience = time.Minute // a machine that pauses must not change the result of a test
	m.Sleep = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	if clock := os.Getenv(clockVar); clock != "" {
		m.Now = testkit.At(clock).Now
	}
	return m
}

// TestScripts runs every testdata/script/*.txtar; -update rewrites the expected files in them.
// Scripts can use testscript's own commands and those of [commands].
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join(testkit.Root(t), "testdata", "script"),
		UpdateScripts:       testkit.Update(),
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setup,
		Cmds:                commands,
	})
}

// setup sets a script's clock and home, and hides the environment of the tests.
func setup(env *testscript.Env) error {
	home := filepath.Join(env.WorkDir, "home")
	env.Setenv(clockVar, "2018-08-24T16:00:00Z")
	env.Setenv("HOME", home)
	env.Setenv("USERPROFILE", home)
	env.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	env.Setenv("TERM", "xterm")
	env.Values[runningKey{}] = &running{}
	return os.MkdirAll(home, 0o700)
}
