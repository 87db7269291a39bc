package term

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/colorprofile"
)

// defaultWidth is the width of a terminal that does not report one.
const defaultWidth = 80

// Profile is how many colors a stream can show.
type Profile = colorprofile.Profile

// Facts are the inputs of [Decide].
type Facts struct {
	OS                    string // runtime.GOOS
	InTTY, OutTTY, ErrTTY bool
	OutWidth, ErrWidth    int  // columns that the terminals report; 0: unknown
	OutHeight             int  // lines that the terminal of Out reports; 0: unknown
	NoColor               bool // the flag --no-color
	Getenv                func(string) string
}

// Modes are the abilities of the streams.
type Modes struct {
	InTTY, OutTTY, ErrTTY  bool
	Width, ErrWidth        int // columns of Out and Err; 0: unlimited
	Height                 int // lines of Out; 0: unlimited
	OutProfile, ErrProfile Profile
	Dumb                   bool // the terminal cannot rewrite a line
}

// OutColor reports whether results may have colors and other styles.
func (m Modes) OutColor() bool { return m.OutProfile > colorprofile.NoTTY }

// ErrColor reports the same for standard error.
func (m Modes) ErrColor() bool { return m.ErrProfile > colorprofile.NoTTY }

// Interactive reports whether prompts are possible.
func (m Modes) Interactive() bool { return m.InTTY && m.ErrTTY }

// Decide applies the rules in the package comment.
func Decide(f Facts) Modes {
	return Modes{
		InTTY: f.InTTY, OutTTY: f.OutTTY, ErrTTY: f.ErrTTY,
		Width:      f.width(f.OutTTY, f.OutWidth),
		Height:     f.OutHeight,
		ErrWidth:   f.width(f.ErrTTY, f.ErrWidth),
		OutProfile: f.profile(f.OutTTY),
		ErrProfile: f.profile(f.ErrTTY),
		Dumb:       f.dumb(),
	}
}

func (f Facts) width(tty bool, columns int) int {
	if !tty {
		return 0
	}
	if columns > 0 {
		return columns
	}
	if n, err := strconv.Atoi(f.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	return defaultWidth
}

func (f Facts) profile(tty bool) Profile {
	force := f.Getenv("CLICOLOR_FORCE")
	switch {
	case f.NoColor, f.Getenv("NO_COLOR") != "":
		return colorprofile.NoTTY
	case force != "" && force != "0":
		return f.depth()
	case f.Getenv("CLICOLOR") == "0", f.dumb(), !tty:
		return colorprofile.NoTTY
	}
	return f.depth()
}

// depth derives the number of colors from the terminal's name, at least the basic ones.
func (f Facts) depth() Profile {
	switch strings.ToLower(f.Getenv("COLORTERM")) {
	case "truecolor", "24bit":
		return colorprofile.TrueColor
	}
	term := f.Getenv("TERM")
	switch {
	case strings.HasSuffix(term, "-direct"), term == "" && f.OS == "windows":
		return colorprofile.TrueColor
	case strings.Contains(term, "256color"):
		return colorprofile.ANSI256
	}
	return colorprofile.ANSI
}

// dumb reports whether the terminal has no escape sequences. Windows sets no TERM.
func (f Facts) dumb() bool {
	term := f.Getenv("TERM")
	return term == "dumb" || term == "" && f.OS != "windows"
}
