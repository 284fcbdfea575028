package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"

	"orrery/federation/policy"
	"orrery/scenarios"
)

type playCompareCmd struct {
	File     string   `arg:"" help:"Scenario: the path of a .play file, or the name of one that comes with the program." placeholder:"FILE"`
	Policies []string `help:"Policies to compare, with commas; all there are when none is given." placeholder:"A,B,C"`
	Seed     uint64   `help:"The same seed gives the same log." default:"1"`
	JSON     bool     `help:"Print the comparison as JSON."`
}

func (c playCompareCmd) Run(ctx context.Context, log *slog.Logger) error {
	if len(c.Policies) == 0 {
		c.Policies = policy.Names()
	}
	for _, p := range c.Policies {
		if _, err := policy.Named(p); err != nil {
			return err
		}
	}
	files, err := load([]string{c.File})
	if err != nil {
		return err
	}
	compared, err := scenarios.Compare(ctx, files[0], c.Policies, scenarios.Options{Seed: c.Seed, Log: log})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(compared)
	}
	return scenarios.CompareText(os.Stdout, compared)
}

func printJSON(v any) error {
	e := json.NewEncoder(os.Stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
