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

// checkLoopback refuses addresses of other networks. Everybody knows the sandbox's tokens, so no other machine may reach it.
func checkLoopback(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fault.New(fault.Usage, "--listen 127.0.0.1:8929", "--listen %q is no address and port", address)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fault.New(fault.Refused, "--listen 127.0.0.1:"+port, "--listen %s can be reached from other machines", address)
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
		return nil, fault.Wrap(fault.Failed, err, "prodctl sandbox --listen 127.0.0.1:0   takes a port that is free", "listen on %s", address)
	}
	if at, ok := listener.Addr().(*net.TCPAddr); !ok || !at.IP.IsLoopback() { // localhost can be given any meaning
		_ = listener.Close()
		return nil, fault.New(fault.Refused, "--listen 127.0.0.1:8929", "%s is %s here, which can be reached from other machines", address, at)
	}
	return listener, nil
}

// announce tells people about the sandbox on standard error and shells on standard output. It is ready by then:
// connections that come before it serves wait in the listener.
func announce(e *app.App, s *server) {
	accounts := s.server.Accounts()
	if !e.Global.Quiet {
		e.Notef("a GitLab in memory at %s, with %s on %s", s.options.URL, s.seed.words, s.options.Now().UTC().Format("2006-01-02 15:04 MST"))
		fmt.Fprint(e.Err, accountTable(accounts, e.ErrWidth))
		e.Notef("%s", howToGoOn(e))
	}
	fmt.Fprintf(e.Out, "export GITLAB_HOST=%s\nexport GITLAB_TOKEN=%s\n", fault.Quote(s.options.URL), fault.Quote(user(accounts).Token))
	if out, ok := e.Out.(io.Closer); ok && !e.OutTTY {
		_ = out.Close() // a shell that reads the lines up to the end goes on now
	}
}

func howToGoOn(e *app.App) string {
	text := fmt.Sprintf(
		"put the export lines into another shell, then: prodctl init --yes   in an empty folder\n^C ends it, or: kill %d", os.Getpid())
	if e.Global.Now != "" {
		text += fmt.Sprintf("\nits clock is not this machine's: give the other prodctl the same one with --now %s", fault.Quote(e.Global.Now))
	}
	return text
}

// user is whose token is offered: somebody who may do what a team's automation does, and not everything.
func user(accounts []fakegitlab.Account) fakegitlab.Account {
	for _, role := range []string{"maintainer of ", "owner of ", "developer of ", "administrator"} {
		for _, a := range accounts {
			if strings.HasPrefix(a.Role, role) {
				return a
			}
		}
	}
	panic("cli: a sandbox without root") // which every instance has
}

// accountTable lists the users with their tokens and roles; on a narrow terminal each role stands on a line of its own.
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

// farewell is how long requests in flight may take after an interrupt.
const farewell = 500 * time.Millisecond

// serve answers until ctx is over.
func serve(ctx context.Context, e *app.App, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(notes{e}, "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if server.Shutdown(last) != nil { // somebody is still waiting
		_ = server.Close()
	}
	return nil
}

// notes takes what net/http has to say.
type notes struct{ env *app.App }

func (n notes) Write(p []byte) (int, error) {
	n.env.Notef("%s", p)
	return len(p), nil
}
