// Command orrery is a working model of the fediverse that you can watch: a lab of several servers on this machine, one
// server that federates for real, and scenarios that reproduce how conversations spread.
//
// Only this package reads flags, environment and files, and it puts the parts together; what they do is told elsewhere.
// Exit status: 0 done, 1 a scenario's expectation failed, 2 something must be changed before it can work.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type commands struct {
	Lab           labCmd           `cmd:"" help:"Run three servers on this machine that federate with each other, and watch."`
	Serve         serveCmd         `cmd:"" help:"Run one server that federates with others."`
	Play          playCmd          `cmd:"" help:"Run or check scenarios."`
	Account       accountCmd       `cmd:"" help:"Create accounts and access tokens of a server."`
	Relay         relayCmd         `cmd:"" help:"Subscribe a server to relays, which bring the public posts of others."`
	Emoji         emojiCmd         `cmd:"" help:"The emojis of a server."`
	Registrations registrationsCmd `cmd:"" help:"Decide who may join a server."`
	Site          siteCmd          `cmd:"" help:"What a server says about itself: its rules, longer texts, announcements."`
	Log           logCmd           `cmd:"" help:"Read the log of a running lab or server."`
	Migrate       migrateCmd       `cmd:"" help:"Bring a server's database up to date."`
	Version       versionCmd       `cmd:"" help:"Say which version this is."`
	Why           whyCmd           `cmd:"" help:"Say why a post, a like or a boost is, or is not, on a server, and what proves it."`

	Verbose bool `short:"v" help:"Log what the program does, on standard error."`
}

// errFailed is a scenario that ran and did not hold.
var errFailed = errors.New("an expectation failed")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("orrery"), kong.UsageOnError(), kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Description("A working model of the fediverse that you can watch. Begin with: orrery lab"))
	if err != nil {
		return complain(err)
	}
	if len(args) == 0 {
		return complain(errors.New("say what to do, for example: orrery lab. All commands are listed by orrery --help"))
	}
	k, err := parser.Parse(args)
	if err != nil {
		return complain(fmt.Errorf("%w. See orrery --help", err))
	}
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelDebug
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	k.BindTo(ctx, (*context.Context)(nil))
	err = k.Run(log)
	if errors.Is(err, errFailed) {
		return 1
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return complain(err)
	}
	return 0
}

// complain says in one line what is wrong.
func complain(err error) int {
	fmt.Fprintf(os.Stderr, "orrery: %s.\n", trimmed(err.Error()))
	return 2
}

func trimmed(s string) string {
	for len(s) > 0 && (s[len(s)-1] == '.' || s[len(s)-1] == '\n') {
		s = s[:len(s)-1]
	}
	return s
}
