package mcp

import (
	"bufio"
	"errors"
	"io"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// lineLimit is how many bytes a message of the client may have.
const lineLimit = 1 << 20

// newWire returns the protocol over two streams. A line that is not a message gets an error as its answer and is skipped; the library would
// end the session.
func newWire(in io.Reader, out io.Writer) sdk.Transport {
	w := &wire{in: bufio.NewReaderSize(in, 1<<16), out: out}
	messages, to := io.Pipe()
	go func() { to.CloseWithError(w.copy(to)) }()
	return &sdk.IOTransport{Reader: messages, Writer: w}
}

// wire is the client's end. Writes of answers may come from several goroutines.
type wire struct {
	in  *bufio.Reader
	mu  sync.Mutex
	out io.Writer
}

// Write writes one whole message.
func (w *wire) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}

// Close does nothing: the streams are the process's own.
func (w *wire) Close() error { return nil }

// Answers to lines that are not messages. Their id is unknown.
const (
	notJSON   = `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not a JSON-RPC message"}}` + "\n"
	tooLong   = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"the message is longer than 1 MiB"}}` + "\n"
	lineBreak = '\n'
)

// copy copies messages until the input ends, which is io.EOF.
func (w *wire) copy(to io.Writer) error {
	for {
		line, whole, err := w.line()
		problem := ""
		if len(line) == 0 && whole {
			if err != nil {
				return err
			}
			continue
		}
		if _, invalid := jsonrpc.DecodeMessage(line); !whole {
			problem = tooLong
		} else if invalid != nil {
			problem = notJSON
		}
		if problem != "" {
			_, werr := io.WriteString(w, problem)
			err = errors.Join(err, werr)
		} else if _, werr := to.Write(append(line, lineBreak)); werr != nil {
			return werr
		}
		if err != nil {
			return err
		}
	}
}

// line reads one line without its end. whole is false if it was longer than the limit: the rest was skipped.
func (w *wire) line() (line []byte, whole bool, err error) {
	whole = true
	for {
		part, more, err := w.in.ReadLine()
		if len(line)+len(part) > lineLimit {
			line, whole = nil, false
		}
		if whole {
			line = append(line, part...)
		}
		if err != nil || !more {
			return line, whole, err
		}
	}
}
