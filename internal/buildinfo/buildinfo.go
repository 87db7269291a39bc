// Package buildinfo identifies the build of prodctl: from the linker flags of a release, or else from what the Go toolchain
// recorded, so that a binary of `go install` has a version too. Start with [Read]. It must not look for newer releases.
package buildinfo

import (
	"runtime"
	"runtime/debug"
)

// Set by a release with -ldflags -X; empty in other builds.
var (
	version string
	commit  string
	date    string
)

// Info describes a build. Unknown parts are empty.
type Info struct {
	Version  string // "0.1.0"; "(devel)" for a checkout
	Commit   string
	Date     string // RFC 3339
	Go       string
	Platform string
}

// Read returns the description of this build.
func Read() Info {
	info := Info{Version: version, Commit: commit, Date: date, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return info
	}
	if info.Version == "" {
		info.Version = build.Main.Version
	}
	for _, s := range build.Settings {
		switch {
		case s.Key == "vcs.revision" && info.Commit == "":
			info.Commit = s.Value
		case s.Key == "vcs.time" && info.Date == "":
			info.Date = s.Value
		}
	}
	return info
}

// UserAgent returns the user agent of prodctl's requests.
func UserAgent() string {
	v := Read().Version
	if v == "" {
		v = "unknown"
	}
	return "prodctl/" + v
}
