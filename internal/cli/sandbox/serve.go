package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/clipperhouse/displaywidth"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// checkLoopback refuses addresses that other machines can reach, since everybody knows the sandbox's tokens.
func checkLoopback(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fault.New(fault.Usage, "Use an address with a port: prodctl sandbox --listen 127.0.0.1:8929",
			"invalid address %q for --listen", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fault.New(fault.Refused, "Use a loopback address: prodctl sandbox --listen 127.0.0.1:"+port,
			"other machines could reach --listen %s", address)
	}
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		return nil, fault.Wrap(fault.Failed, err, "To use a free port: prodctl sandbox --listen 127.0.0.1:0", "listen on %s", address)
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() { // localhost can be configured to be any address
		_ = listener.Close()
		return nil, fault.New(fault.Refused, "Use a loopback address: prodctl sandbox --listen 127.0.0.1:8929",
			"other machines could reach --listen %s (%s)", address, at)
	}
	return listener, nil
}

// announce describes the sandbox for people on standard error, and for shells on standard output. The sandbox is ready by then:
// connections that arrive before it serves wait in the listener.
func announce(e *app.App, s *server) {
	accounts := s.server.Accounts()
	if !e.Global.Quiet {
		e.Notef("Serving a simulated GitLab at %s (%s, %s)", s.options.URL, s.seed.text, s.options.Now().UTC().Format("2006-01-02 15:04 MST"))
		fmt.Fprint(e.Err, accountTable(accounts, e.ErrWidth))
		e.Notef("%s", nextSteps(e))
	}
	fmt.Fprintf(e.Out, "export GITLAB_HOST=%s\nexport GITLAB_TOKEN=%s\n", fault.Quote(s.options.URL), fault.Quote(user(accounts).Token))
	if out, ok := e.Out.(io.Closer); ok && !e.OutTTY {
		_ = out.Close() // a shell that reads all lines can now continue
	}
}

func nextSteps(e *app.App) string {
	text := fmt.Sprintf("Next: run the export lines in another shell, and in an empty folder: prodctl init --yes\n"+
		"To stop it: ^C, or kill %d", os.Getpid())
	if e.Global.Now != "" {
		text += fmt.Sprintf("\nThe sandbox has its own clock. Use the same one in the other shell: --now %s", fault.Quote(e.Global.Now))
	}
	return text
}

// user returns the account whose token is printed: one with the rights of a team's automation, not an administrator.
func user(accounts []fakegitlab.Account) fakegitlab.Account {
	for _, role := range []string{"maintainer of ", "owner of ", "developer of ", "administrator"} {
		for _, a := range accounts {
			if strings.HasPrefix(a.Role, role) {
				return a
			}
		}
	}
	panic("cli: a sandbox without root") // every instance has one
}

// accountTable lists the users with their tokens and roles. On a narrow terminal each role is on a line of its own.
func accountTable(accounts []fakegitlab.Account, width int) string {
	names, tokens, roles := len("USER"), len("TOKEN"), len("ROLE")
	rows := [][3]string{{"USER", "TOKEN", "ROLE"}}
	for _, a := range accounts {
		row := [3]string{sanitize.Line(a.Username), sanitize.Line(a.Token), sanitize.Line(a.Role)}
		if row[2] == "" {
			row[2] = "-"
		}
		rows = append(rows, row)
		names, tokens, roles = max(names, displaywidth.String(row[0])), max(tokens, displaywidth.String(row[1])), max(roles,
			displaywidth.String(row[2]))
	}
	narrow := width > 0 && 2+names+2+tokens+2+roles > width
	if narrow {
		names, tokens = 0, 0
	}
	var b strings.Builder
	for _, row := range rows {
		line := "  " + padded(row[0], names) + "  " + padded(row[1], tokens)
		if narrow {
			line += "\n    "
		} else {
			line += "  "
		}
		b.WriteString(line + row[2] + "\n")
	}
	return b.String()
}

func padded(s string, width int) string {
	return s + strings.Repeat(" ", max(width-displaywidth.String(s), 0))
}

// dated answers with the instance's date. By that of the machine, a client would look for what it created at the wrong time.
type dated struct{ *fakegitlab.Server }

// ServeHTTP sets the date of the answer.
func (d dated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", d.Now().UTC().Format(http.TimeFormat))
	d.Server.ServeHTTP(w, r)
}

// newHTTPServer limits what one connection can hold: a client that sends or reads too slowly loses it. The time for an answer
// is longer than any delay that a fault is likely to have.
func newHTTPServer(e *app.App, handler http.Handler) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      5 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    256 << 10,
		ErrorLog:          log.New(notes{e}, "", 0),
	}
}

// grace is how long requests in flight may take after an interrupt.
const grace = 500 * time.Millisecond

// serve answers requests until ctx is done.
func serve(ctx context.Context, e *app.App, listener net.Listener, handler http.Handler) error {
	server := newHTTPServer(e, handler)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if server.Shutdown(last) != nil { // a request is still running
		_ = server.Close()
	}
	return nil
}

// notes prints the messages of net/http as notes.
type notes struct{ env *app.App }

// Write prints p as a note.
func (n notes) Write(p []byte) (int, error) {
	n.env.Notef("%s", p)
	return len(p), nil
}
