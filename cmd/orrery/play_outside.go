package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"orrery/internal/clock"
	"orrery/scenarios"
	"orrery/scenarios/play"
)

// outside runs scripts against real servers.
func (c playRunCmd) outside(ctx context.Context, files []*play.File) error {
	if c.Policy != "" {
		return fmt.Errorf("--policy cannot be had with --server: how a real server behaves is its own affair")
	}
	passed := true
	results := []scenarios.Result{}
	for _, f := range files {
		tokens, err := c.tokensFor(f)
		if err != nil {
			return err
		}
		res, err := scenarios.RunOutside(ctx, f, scenarios.Outside{
			Servers: c.Server, Tokens: tokens, HTTP: &http.Client{Timeout: 30 * time.Second}, Clock: clock.Real{}, Quiet: c.Quiet, Most: 2 * time.Minute,
		})
		if err != nil {
			return err
		}
		passed = passed && res.Passed
		results = append(results, res)
	}
	if err := scenarios.Write(os.Stdout, c.Format, results, c.All); err != nil {
		return err
	}
	if !passed {
		return errFailed
	}
	return nil
}

// tokensFor are the access tokens of a script's people, from the file and the environment.
func (c playRunCmd) tokensFor(f *play.File) (map[string]string, error) {
	tokens := map[string]string{}
	if c.Tokens != "" {
		raw, err := os.ReadFile(c.Tokens)
		if err != nil {
			return nil, fmt.Errorf("the tokens in %s cannot be read: %w", c.Tokens, err)
		}
		for n, line := range strings.Split(string(raw), "\n") {
			fields := strings.Fields(strings.Replace(line, "=", " ", 1))
			switch {
			case len(fields) == 0 || strings.HasPrefix(fields[0], "#"):
			case len(fields) != 2:
				return nil, fmt.Errorf("%s:%d: a line is a name and a token, such as “alice TOKEN”", c.Tokens, n+1)
			default:
				tokens[fields[0]] = fields[1]
			}
		}
	}
	for _, p := range f.People {
		if token := os.Getenv("ORRERY_TOKEN_" + strings.ToUpper(p.Name.Name)); token != "" {
			tokens[p.Name.Name] = token
		}
	}
	return tokens, nil
}
