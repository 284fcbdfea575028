package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"orrery/scenarios"
	"orrery/scenarios/play"
)

type playCmd struct {
	Run     playRunCmd     `cmd:"" help:"Run scenarios and say which expectations hold."`
	Check   playCheckCmd   `cmd:"" help:"Read scenarios and say everything that is wrong with them, without running them."`
	Fmt     playFmtCmd     `cmd:"" help:"Bring scenarios into canonical form."`
	Explain playExplainCmd `cmd:"" help:"Say what a line of a scenario means, and what it leads to in a run."`
	List    playListCmd    `cmd:"" help:"List the scenarios that come with the program."`
	Export  playExportCmd  `cmd:"" help:"Write a scenario, or what a run of it gives, in another form."`
	Compare playCompareCmd `cmd:"" help:"Run a scenario under several policies and say how they differ: who knows what, and what it costs."`
}

type playRunCmd struct {
	Files  []string          `arg:"" optional:"" help:"Scenarios: paths of .play files, or names of those that come with the program. All of the latter when none is given." placeholder:"FILE"`
	Policy string            `help:"Have every server behave like this, whatever the file says; “all” runs each file as it is written and under every policy that it names." placeholder:"NAME"`
	Seed   uint64            `help:"The same seed gives the same log." default:"1"`
	JSON   bool              `help:"Print the results as JSON, like --format json."`
	Format string            `help:"How to print the results: text, json, junit, tap, mermaid or html." default:"text" placeholder:"FORMAT"`
	All    bool              `help:"Print the lines that hold, too."`
	Server map[string]string `help:"A real server that speaks Mastodon's client API, in place of one of the script, such as academy=https://social.example; may be repeated, and all of the script's must be given." placeholder:"NAME=URL"`
	Tokens string            `help:"File with the access tokens of the people on real servers: a name and a token on each line. ORRERY_TOKEN_NAME in the environment counts too." placeholder:"FILE"`
	Quiet  time.Duration     `help:"With real servers: how long nothing must change until they count as settled." default:"5s"`
}

func (c playRunCmd) Run(ctx context.Context, log *slog.Logger) error {
	files, err := load(c.Files)
	if err != nil {
		return err
	}
	all, err := c.performances(files)
	if err != nil {
		return err
	}
	if c.JSON {
		c.Format = "json"
	}
	if !slices.Contains(scenarios.Formats(), c.Format) {
		return fmt.Errorf("there is no format %q: choose %s", c.Format, strings.Join(scenarios.Formats(), ", "))
	}
	if len(c.Server) > 0 {
		return c.outside(ctx, files)
	}
	failed, stopped := false, ""
	results := []scenarios.Result{}
	err = c.many(ctx, all, log, func(res scenarios.Result) error {
		failed = failed || !res.Passed
		if stopped == "" {
			stopped = res.Stopped
		}
		results = append(results, res)
		if c.Format != "text" {
			return nil
		}
		return scenarios.Text(os.Stdout, res, c.All)
	})
	if err != nil {
		return err
	}
	if c.Format == "text" {
		err = scenarios.Sum(os.Stdout, results)
	} else {
		err = scenarios.Write(os.Stdout, c.Format, results, c.All)
	}
	if err != nil {
		return err
	}
	if stopped != "" {
		return errors.New(stopped)
	}
	if failed {
		return errFailed
	}
	return nil
}

type playCheckCmd struct {
	Files []string `arg:"" help:"Scenarios: paths of .play files, or names of those that come with the program." placeholder:"FILE"`
}

func (c playCheckCmd) Run() error {
	files, err := load(c.Files)
	if err != nil {
		return err
	}
	for _, f := range files {
		fmt.Printf("%s: nothing is wrong.\n", f.Path)
	}
	return nil
}

// load reads and checks files; what is wrong with them goes to standard error, all of it.
func load(names []string) ([]*play.File, error) {
	shipped := scenarios.Shipped()
	if len(names) == 0 {
		for _, s := range shipped {
			names = append(names, s.Name)
		}
	}
	var files []*play.File
	wrong := 0
	for _, name := range names {
		src, err := source(name, shipped)
		if err != nil {
			return nil, err
		}
		f, problems := play.Load(name, src, scenarios.Vocabulary())
		if len(problems) > 0 {
			wrong++
			for _, p := range problems {
				fmt.Fprintln(os.Stderr, p.Error())
			}
			_, _ = io.WriteString(os.Stderr, "\n"+problems.Format(src)+"\n")
			continue
		}
		files = append(files, f)
	}
	if wrong > 0 {
		return nil, fmt.Errorf("%s cannot be run as written. Mend what is listed above and try again", count(wrong, "scenario"))
	}
	return files, nil
}

// source finds a scenario: a file, or one that comes with the program.
func source(name string, shipped []scenarios.Named) ([]byte, error) {
	src, err := os.ReadFile(name)
	if err == nil {
		return src, nil
	}
	i := slices.IndexFunc(shipped, func(s scenarios.Named) bool {
		return s.Name == name || strings.TrimSuffix(s.Name, ".play") == name
	})
	if i >= 0 {
		return []byte(shipped[i].Source), nil
	}
	var all []string
	for _, s := range shipped {
		all = append(all, strings.TrimSuffix(s.Name, ".play"))
	}
	return nil, fmt.Errorf("there is no scenario %s (%w). With the program come: %s", name, err, strings.Join(all, ", "))
}

func count(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
