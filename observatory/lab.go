package observatory

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/views"
)

// Lab is what the pages ask of a lab.
type Lab interface {
	People() []LabPerson
	Graphs() []LabGraph
	// Graph is the name of the graph that holds now.
	Graph() string
	SetGraph(ctx context.Context, name string) error
	// Reset deletes everything and sets the lab up again.
	Reset(ctx context.Context) error
	// Enter mints a ticket of one use and sixty seconds for a person ("alice@academy") and returns the address on their
	// host that takes it.
	Enter(ctx context.Context, person string) (url string, err error)
	// UseTicket opens a session on host and returns the cookie's value and where to go.
	UseTicket(ctx context.Context, host, ticket string) (cookie, redirect string, err error)
	// Token mints an access token for an account, "alice@academy".
	Token(ctx context.Context, account string) (TokenAnswer, error)
	// Data says where the data live, in words.
	Data() string
	// Script is what was done in the lab by hand, as a scenario.
	Script(ctx context.Context) ([]byte, error)
	// SetUpUntil is the last entry of the lab's own set-up.
	SetUpUntil() activitylog.ID
}

// LabPerson is somebody who lives in the lab.
type LabPerson struct {
	Name, Display, Server, Origin string
	Hue                           int
}

func (p LabPerson) acct() string { return p.Name + "@" + p.Server }

// LabGraph is one way in which the people follow each other; Edges are "berta follows alice".
type LabGraph struct {
	Name, Title, Sentence string
	Edges                 []string
}

// TokenAnswer is the answer to POST /api/orrery/v1/lab/tokens.
type TokenAnswer struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	Scope       string `json:"scope"`
	Account     string `json:"account"`
	Origin      string `json:"origin"`
}

// SessionCookie is the name of the cookie that a ticket is changed for; host-only, as every instance's session is.
const SessionCookie = "orrery_session"

// home is GET /lab. Without a lab there is only the log.
func (o *Observatory) home(c *fiber.Ctx) error {
	if o.Lab == nil {
		return c.Redirect("/lab/log", fiber.StatusSeeOther)
	}
	p := views.LabPage{Page: o.page(c, "Lab", "lab"), Graph: o.Lab.Graph(), Data: o.Lab.Data()}
	people := o.Lab.People()
	for _, s := range o.Servers {
		home := views.LabServer{ServerLink: s}
		for _, who := range people {
			if who.Server == s.Name {
				home.People = append(home.People, views.LabPerson{Name: who.Name, Display: who.Display, Acct: who.acct()})
			}
		}
		p.Homes = append(p.Homes, home)
	}
	for _, g := range o.Lab.Graphs() {
		p.Graphs = append(p.Graphs, views.LabGraph{Name: g.Name, Title: g.Title, Sentence: g.Sentence, Edges: g.Edges, Current: g.Name == p.Graph})
	}
	return o.draw(c, views.Lab(p))
}

// enter is POST /lab/enter: be somebody, with one click.
func (o *Observatory) enter(c *fiber.Ctx) error {
	if o.Lab == nil {
		return o.nothing(c)
	}
	to, err := o.Lab.Enter(c.UserContext(), strings.Clone(c.FormValue("person")))
	if err != nil {
		return o.refused(c, "That sign-in did not work", err)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// useTicket is GET /lab/enter?ticket=, on the person's own host.
func (o *Observatory) useTicket(c *fiber.Ctx) error {
	if o.Lab == nil {
		return o.nothing(c)
	}
	cookie, to, err := o.Lab.UseTicket(c.UserContext(), strings.Clone(c.Hostname()), strings.Clone(c.Query("ticket")))
	if err != nil {
		o.Slog.InfoContext(c.UserContext(), "sign-in ticket refused", "host", c.Hostname(), "err", err)
		return o.tell(c, fiber.StatusForbidden, "This way in has closed",
			"A sign-in link of the lab works once and for a minute. Choose the person again on the lab’s page.", "/lab", "To the lab")
	}
	c.Cookie(&fiber.Cookie{
		Name: SessionCookie, Value: cookie, Path: "/", HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode, Secure: strings.HasPrefix(o.own(c), "https:"),
	})
	if !strings.HasPrefix(to, "/") {
		to = "/"
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// changeGraph is POST /lab/graph.
func (o *Observatory) changeGraph(c *fiber.Ctx) error {
	if o.Lab == nil {
		return o.nothing(c)
	}
	if err := o.Lab.SetGraph(c.UserContext(), strings.Clone(c.FormValue("graph"))); err != nil {
		return o.refused(c, "The follows could not be changed", err)
	}
	return c.Redirect("/lab", fiber.StatusSeeOther)
}

// reset is POST /lab/reset.
func (o *Observatory) reset(c *fiber.Ctx) error {
	if o.Lab == nil {
		return o.nothing(c)
	}
	if err := o.Lab.Reset(c.UserContext()); err != nil {
		return o.refused(c, "The lab could not be started afresh", err)
	}
	return c.Redirect("/lab", fiber.StatusSeeOther)
}

// refused tells that the lab would not, and keeps the chain for its operator.
func (o *Observatory) refused(c *fiber.Ctx, title string, err error) error {
	o.Slog.ErrorContext(c.UserContext(), "lab", "path", c.Path(), "err", err)
	return o.tell(c, fiber.StatusUnprocessableEntity, title,
		"The lab answered: "+activitylog.Plain(err.Error(), 300)+". Go back and choose again.", "/lab", "To the lab")
}

// script is what was done in the lab by hand.
func (o *Observatory) script(c *fiber.Ctx) ([]byte, error) {
	if o.Lab == nil {
		return nil, refuse(fiber.StatusNotFound, "", "What was done can be saved as a scenario in a lab only.")
	}
	return o.Lab.Script(c.UserContext())
}

// apiScript is GET /api/orrery/v1/lab.play.
func (o *Observatory) apiScript(c *fiber.Ctx) error {
	script, err := o.script(c)
	if err != nil {
		return o.told(c, err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="lab.play"`)
	return c.Send(script)
}

// apiToken is POST /api/orrery/v1/lab/tokens.
func (o *Observatory) apiToken(c *fiber.Ctx) error {
	if o.Lab == nil {
		return refuse(fiber.StatusNotFound, "", "Tokens are given away in a lab only; here, sign in through /oauth/authorize.")
	}
	var asked struct {
		Account string `json:"account"`
	}
	if err := json.Unmarshal(c.Body(), &asked); err != nil {
		return refuse(fiber.StatusBadRequest, "", `The body is a JSON object such as {"account":"alice@academy"}.`)
	}
	answer, err := o.Lab.Token(c.UserContext(), asked.Account)
	if err == nil {
		return c.JSON(answer)
	}
	for _, who := range o.Lab.People() {
		if strings.EqualFold(who.acct(), asked.Account) { // the account is right, so the lab is at fault
			return o.broken(c, errors.Join(errors.New("mint lab token"), err))
		}
	}
	return refuse(fiber.StatusUnprocessableEntity, "account", "Nobody of that name lives in this lab; write it as alice@academy.")
}
