package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"orrery/server"
	"orrery/social"
)

type siteCmd struct {
	Text       siteTextCmd       `cmd:"" help:"Write a longer text about the server: description, privacy or terms."`
	Rule       siteRuleCmd       `cmd:"" help:"Add a rule of the server."`
	DropRule   siteDropRuleCmd   `cmd:"" name:"drop-rule" help:"Remove a rule of the server."`
	Announce   siteAnnounceCmd   `cmd:"" help:"Tell everybody on the server something."`
	Unannounce siteUnannounceCmd `cmd:"" help:"Take an announcement back."`
	List       siteListCmd       `cmd:"" help:"List the rules and the announcements with their ids."`
}

type siteTextCmd struct {
	place
	Name string `arg:"" help:"description, privacy or terms."`
	File string `arg:"" help:"Plain text in UTF-8; an empty file removes the text." type:"existingfile"`
}

func (c siteTextCmd) Run(ctx context.Context, log *slog.Logger) error {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("%s cannot be read (%w). Choose another file", c.File, err)
	}
	return c.site(ctx, log, func(i *server.Instance) error {
		return social.WriteSiteText(ctx, i.Services.Store, social.SiteText{Name: c.Name, Content: string(content), UpdatedAt: i.Services.Now()})
	})
}

type siteRuleCmd struct {
	place
	Text  string `arg:"" help:"The rule, in one sentence."`
	Hint  string `help:"What it means, in more words." placeholder:"TEXT"`
	Place int64  `help:"Where it stands among the rules." default:"0"`
}

func (c siteRuleCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.site(ctx, log, func(i *server.Instance) error {
		return i.Services.Store.InsertInstanceRule(ctx, social.InstanceRule{ID: i.Services.Accounts.NewID(), Text: c.Text, Hint: c.Hint}, c.Place)
	})
}

type siteDropRuleCmd struct {
	place
	ID string `arg:"" help:"Its id, as it is listed."`
}

func (c siteDropRuleCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.site(ctx, log, func(i *server.Instance) error {
		id, _ := social.ParseID(c.ID)
		err := i.Services.Store.DeleteInstanceRule(ctx, id, i.Services.Now())
		if errors.Is(err, social.ErrNotFound) {
			return fmt.Errorf("there is no rule %s. `orrery site list` names them", c.ID)
		}
		return err
	})
}

type siteAnnounceCmd struct {
	place
	Text   string    `arg:"" help:"Plain text; links, hashtags and mentions are found."`
	Starts time.Time `help:"When what it speaks of begins, such as 2026-12-24T18:00:00Z." placeholder:"TIME"`
	Ends   time.Time `help:"When it ends. The announcement is shown no longer." placeholder:"TIME"`
	AllDay bool      `help:"The two times are whole days."`
}

func (c siteAnnounceCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.site(ctx, log, func(i *server.Instance) error {
		a, err := i.Services.Announcements.Publish(ctx, social.Announcement{Text: c.Text, StartsAt: c.Starts, EndsAt: c.Ends, AllDay: c.AllDay})
		if err == nil {
			fmt.Println(a.ID)
		}
		return err
	})
}

type siteUnannounceCmd struct {
	place
	ID string `arg:"" help:"Its id, as it is listed."`
}

func (c siteUnannounceCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.site(ctx, log, func(i *server.Instance) error {
		id, _ := social.ParseID(c.ID)
		err := i.Services.Announcements.Withdraw(ctx, id)
		if errors.Is(err, social.ErrNotFound) {
			return fmt.Errorf("there is no announcement %s. `orrery site list` names them", c.ID)
		}
		return err
	})
}

type siteListCmd struct{ place }

func (c siteListCmd) Run(ctx context.Context, log *slog.Logger) error {
	return c.site(ctx, log, func(i *server.Instance) error {
		rules, err := i.Services.Store.InstanceRules(ctx)
		if err != nil {
			return err
		}
		for _, r := range rules {
			fmt.Printf("rule\t%s\t%s\n", r.ID, r.Text)
		}
		told, err := i.Services.Announcements.Current(ctx, 0, true)
		for _, a := range told {
			fmt.Printf("announcement\t%s\t%s\n", a.ID, a.Text)
		}
		return err
	})
}

// site does something with what the server says about itself.
func (p place) site(ctx context.Context, log *slog.Logger, do func(*server.Instance) error) error {
	i, release, err := p.open(ctx, log, nil, false)
	if err != nil {
		return err
	}
	defer release()
	err = do(i)
	if e, ok := errors.AsType[*social.Error](err); ok {
		return errors.New(e.Message)
	}
	return err
}
