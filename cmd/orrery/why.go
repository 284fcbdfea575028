package main

import (
	"context"
	"log/slog"
	"net/url"
	"os"

	"orrery/scenarios"
)

type whyCmd struct {
	observer
	Post   string `arg:"" help:"The post: its address, or with --in its name in the scenario."`
	Server string `arg:"" help:"The server: its name in the lab or the scenario, or its host."`
	Of     string `help:"What to explain: whether the post is there, or its number of likes or boosts." enum:"post,likes,boosts" default:"post"`
	By     string `help:"Only the like or boost by this account: its address, or with --in a person of the scenario." placeholder:"WHO"`
	In     string `help:"Ask about the end of a scenario instead of a running lab; changes are then tried out." placeholder:"FILE"`
	Policy string `help:"With --in: have every server behave like this, whatever the file says." placeholder:"NAME"`
	Seed   uint64 `help:"With --in: the same seed gives the same log." default:"1"`
	JSON   bool   `help:"Print the answer as JSON."`
}

func (c whyCmd) Run(ctx context.Context, log *slog.Logger) error {
	answer, err := c.ask(ctx, log)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(answer)
	}
	return scenarios.WhyText(os.Stdout, answer)
}

func (c whyCmd) ask(ctx context.Context, log *slog.Logger) (answer scenarios.Explained, err error) {
	if c.In != "" {
		files, err := load([]string{c.In})
		if err != nil {
			return answer, err
		}
		q := scenarios.Asked{Post: c.Post, Server: c.Server, Of: c.Of, By: c.By}
		return scenarios.Why(ctx, files[0], q, scenarios.Options{Policy: c.Policy, Seed: c.Seed, Log: log})
	}
	q := url.Values{"object": {c.Post}, "server": {c.Server}, "of": {c.Of}}
	if c.By != "" {
		q.Set("by", c.By)
	}
	return answer, c.get(ctx, "/api/orrery/v1/why?"+q.Encode(), &answer)
}
