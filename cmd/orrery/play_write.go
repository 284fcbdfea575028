package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"

	"orrery/scenarios"
	"orrery/scenarios/play"
)

type playFmtCmd struct {
	Files []string `arg:"" help:"Scenarios to bring into canonical form." placeholder:"FILE"`
	Check bool     `help:"Change nothing; exit with 1 when a file is written otherwise."`
	Print bool     `help:"Print the canonical form instead of writing the file."`
}

func (c playFmtCmd) Run() error {
	files, err := load(c.Files)
	if err != nil {
		return err
	}
	odd := false
	for _, f := range files {
		want := play.Format(f)
		if c.Print {
			if _, err := os.Stdout.Write(want); err != nil {
				return err
			}
			continue
		}
		got, err := os.ReadFile(f.Path)
		if err != nil {
			return fmt.Errorf("%s cannot be read (%w). Only files can be written back; use --print for a scenario that comes with the program", f.Path, err)
		}
		if bytes.Equal(got, want) {
			continue
		}
		odd = true
		fmt.Println(f.Path)
		if c.Check {
			continue
		}
		if err := os.WriteFile(f.Path, want, 0o644); err != nil {
			return fmt.Errorf("%s cannot be written: %w", f.Path, err)
		}
	}
	if c.Check && odd {
		return errFailed
	}
	return nil
}

type playListCmd struct{}

func (playListCmd) Run() error {
	group := ""
	for _, s := range scenarios.Shipped() {
		if s.Group != group {
			group = s.Group
			fmt.Println(group)
		}
		f, problems := play.Load(s.Name, []byte(s.Source), scenarios.Vocabulary())
		if err := problems.Err(); err != nil {
			return err
		}
		fmt.Printf("  %-20s %-12s %s\n", s.Name, f.Level(), f.Title())
	}
	return nil
}

type playExplainCmd struct {
	Place string `arg:"" help:"A line of a scenario, such as forwarded-reply:27 or path/to/own.play:12." placeholder:"FILE:LINE"`
	Seed  uint64 `help:"The same seed gives the same log." default:"1"`
}

func (c playExplainCmd) Run(ctx context.Context, log *slog.Logger) error {
	at := strings.LastIndex(c.Place, ":")
	number, err := strconv.Atoi(c.Place[at+1:])
	if at < 1 || err != nil {
		return fmt.Errorf("%s is no line of a file. Write its name, a colon and the number of the line, such as forwarded-reply:27", c.Place)
	}
	files, err := load([]string{c.Place[:at]})
	if err != nil {
		return err
	}
	f := files[0]
	w, source, ok := play.WordAt(f, number)
	if !ok {
		return fmt.Errorf("nothing happens in line %d of %s. Choose a line inside a step or a vary", number, f.Path)
	}
	fmt.Printf("%s\n\n%s\n    %s\n", source, w.Says, w.Shape)
	res, err := scenarios.Run(ctx, f, scenarios.Options{Seed: c.Seed, Log: log, Trace: true})
	if err != nil {
		return err
	}
	l, ok := res.LineAt(number)
	if !ok {
		return nil
	}
	fmt.Printf("\n%s\n", l.Status)
	for _, part := range []string{l.Found, l.NearMiss, l.Because, l.View} {
		if part != "" {
			fmt.Printf("  %s\n", strings.ReplaceAll(part, "\n", "\n  "))
		}
	}
	for i, s := range l.Sentences {
		fmt.Printf("  entry %s  %s\n", l.Evidence[i], s)
	}
	if len(l.Made) > 0 {
		fmt.Printf("\nIt led to these entries of the log:\n")
	}
	for _, m := range l.Made {
		fmt.Printf("  %s  %s\n", m.Entry, m.Sentence)
	}
	if len(l.Decisions) > 0 {
		fmt.Printf("\nand to these decisions:\n")
	}
	for _, d := range l.Decisions {
		fmt.Printf("  %s\n", d)
	}
	return nil
}

type playExportCmd struct {
	File   string `arg:"" help:"A scenario: the path of a .play file, or the name of one that comes with the program." placeholder:"FILE"`
	Format string `help:"tree (the script as JSON), play (a script from such JSON), or what a run of it gives: text, json, junit, tap, mermaid, html." default:"tree" placeholder:"FORMAT"`
	Seed   uint64 `help:"The same seed gives the same log." default:"1"`
}

func (c playExportCmd) Run(ctx context.Context, log *slog.Logger) error {
	if c.Format == "play" {
		data, err := os.ReadFile(c.File)
		if err != nil {
			return fmt.Errorf("%s cannot be read: %w", c.File, err)
		}
		_, script, problems, err := play.Decode(c.File, data, scenarios.Vocabulary())
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			fmt.Fprint(os.Stderr, problems.Format(script))
			return fmt.Errorf("%s cannot be run as it is", c.File)
		}
		_, err = os.Stdout.Write(script)
		return err
	}
	if c.Format != "tree" && !slices.Contains(scenarios.Formats(), c.Format) {
		return fmt.Errorf("there is no format %q: choose tree, play, %s", c.Format, strings.Join(scenarios.Formats(), ", "))
	}
	files, err := load([]string{c.File})
	if err != nil {
		return err
	}
	if c.Format == "tree" {
		data, err := play.Encode(files[0])
		if err != nil {
			return err
		}
		_, err = os.Stdout.Write(data)
		return err
	}
	res, err := scenarios.Run(ctx, files[0], scenarios.Options{Seed: c.Seed, Log: log, Trace: true})
	if err != nil {
		return err
	}
	return scenarios.Write(os.Stdout, c.Format, []scenarios.Result{res}, true)
}
