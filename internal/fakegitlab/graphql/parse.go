package graphql

import (
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
)

// The limits of a query text: tokens, and brackets within each other. They keep one request from costing much memory.
const (
	maxTokens  = 10_000
	maxNesting = 200
)

// parse parses a query text. Its errors have the words and the place that GitLab's parser gives them.
func parse(text string) (*ast.QueryDocument, []*problem) {
	source := &ast.Source{Input: text}
	if p := scan(source); p != nil {
		return nil, []*problem{p}
	}
	doc, err := parser.ParseQueryWithTokenLimit(source, maxTokens)
	if err != nil {
		return nil, []*problem{syntaxProblem(source)}
	}
	return doc, nil
}

// scan refuses a text without a token and one beyond the limits.
func scan(source *ast.Source) *problem {
	lex := lexer.New(source)
	depth := 0
	for n := 0; ; n++ {
		tok, err := readToken(&lex)
		switch {
		case err != nil:
			message := "Expected NAME, actual: UNKNOWN_CHAR (" + strconv.Quote(charAt(source, tok)) + ")"
			return &problem{message: message + place(tok.Pos), at: at(tok.Pos)}
		case tok.Kind == lexer.EOF && n == 0:
			return &problem{message: "Unexpected end of document", at: []*ast.Position{}}
		case tok.Kind == lexer.EOF:
			return nil
		case n > maxTokens || depth > maxNesting:
			return &problem{message: "This query is too large to execute."}
		}
		depth += nesting(tok.Kind)
	}
}

// readToken reads the next token that is not a comment.
func readToken(lex *lexer.Lexer) (lexer.Token, error) {
	for {
		if tok, err := lex.ReadToken(); err != nil || tok.Kind != lexer.Comment {
			return tok, err
		}
	}
}

func nesting(kind lexer.Type) int {
	switch kind {
	case lexer.BraceL, lexer.BracketL, lexer.ParenL:
		return 1
	case lexer.BraceR, lexer.BracketR, lexer.ParenR:
		return -1
	}
	return 0
}

// syntaxProblem finds the longest beginning of the text that can be continued, and names the token after it. GitLab
// places an unexpected end at the last token.
func syntaxProblem(source *ast.Source) *problem {
	stop, expected := stopOf(source)
	lex := lexer.New(source)
	last := ast.Position{Line: 1, Column: 1}
	for {
		tok, err := readToken(&lex)
		if err != nil || tok.Kind == lexer.EOF {
			return &problem{message: expected + ", actual: (none) (\"\")" + place(last), at: at(last)}
		}
		last = tok.Pos
		if tok.Pos.Line > stop.Line || tok.Pos.Line == stop.Line && tok.Pos.Column >= stop.Column {
			return &problem{message: expected + ", actual: " + tokenName(tok) + " (" + strconv.Quote(textOf(tok)) + ")" + place(last), at: at(last)}
		}
	}
}

// stopOf returns where the library stopped parsing, and what GitLab's parser would have expected there.
func stopOf(source *ast.Source) (ast.Position, string) {
	_, err := parser.ParseQuery(source)
	message := err.Error()
	stop := ast.Position{Line: 1, Column: 1}
	if head, tail, ok := strings.Cut(message, ": "); ok {
		message = tail
		stop = positionIn(head)
	}
	expected := "NAME"
	if rest, ok := strings.CutPrefix(message, "Expected "); ok {
		kind, _, _ := strings.Cut(rest, ", found")
		if name := punctuation(strings.Trim(kind, `"`)); name != "" {
			expected = name
		}
	}
	if strings.HasPrefix(message, "Unexpected Name") {
		return stop, "Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE"
	}
	return stop, "Expected " + expected
}

// positionIn reads "input:1:14", the beginning of the library's messages.
func positionIn(head string) ast.Position {
	parts := strings.Split(head, ":")
	p := ast.Position{Line: 1, Column: 1}
	if n := len(parts); n >= 2 {
		if line, err := strconv.Atoi(parts[n-2]); err == nil {
			p.Line = line
		}
		if column, err := strconv.Atoi(parts[n-1]); err == nil {
			p.Column = column
		}
	}
	return p
}

func place(p ast.Position) string {
	return " at [" + strconv.Itoa(p.Line) + ", " + strconv.Itoa(p.Column) + "]"
}

func at(p ast.Position) []*ast.Position { return []*ast.Position{&p} }

// charAt returns the character at which no token begins.
func charAt(source *ast.Source, tok lexer.Token) string {
	runes := []rune(source.Input)
	if tok.Pos.Start < len(runes) {
		return string(runes[tok.Pos.Start])
	}
	return ""
}

func textOf(tok lexer.Token) string {
	if name := punctuation(tok.Kind.String()); name != "" {
		return tok.Kind.String()
	}
	return tok.Value
}

const keywords = "on query mutation subscription fragment schema scalar type enum input union interface true false null"

// tokenName is what GitLab's parser calls a token.
func tokenName(tok lexer.Token) string {
	switch tok.Kind {
	case lexer.Name:
		if contains(strings.Fields(keywords), tok.Value) {
			return strings.ToUpper(tok.Value)
		}
		return "IDENTIFIER"
	case lexer.Int, lexer.Float, lexer.String:
		return strings.ToUpper(tok.Kind.String())
	case lexer.BlockString:
		return "STRING"
	}
	return punctuation(tok.Kind.String())
}

// punctuation is the name of a token of punctuation, "" for others.
func punctuation(text string) string {
	switch text {
	case "{":
		return "LCURLY"
	case "}":
		return "RCURLY"
	case "(":
		return "LPAREN"
	case ")":
		return "RPAREN"
	case "[":
		return "LBRACKET"
	case "]":
		return "RBRACKET"
	case ":":
		return "COLON"
	case "...":
		return "ELLIPSIS"
	case "$":
		return "VAR_SIGN"
	case "@":
		return "DIR_SIGN"
	case "=":
		return "EQUALS"
	case "!":
		return "BANG"
	case "|":
		return "PIPE"
	case "&":
		return "AMP"
	case "on":
		return "ON"
	}
	return ""
}
