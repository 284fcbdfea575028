package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// staff is the frame of a page for those whose role may do right; for all others the page does not exist.
func (w *Web) staff(c *fiber.Ctx, m views.Moderation, right social.Right) (views.Look, views.Moderation, error) {
	l, err := w.mine(c, m.Title, "")
	if err != nil {
		return l, m, err
	}
	u, err := w.Store.UserByAccount(c.UserContext(), l.Viewer.ID)
	if err == nil && !u.Role.Can(right) {
		err = social.ErrNotFound
	}
	m.May = u.Role.Can
	return l, m, err
}

func (w *Web) reports(c *fiber.Ctx) error {
	resolved := c.Query("resolved") != ""
	all, next, err := listed(c, func(p social.Page) ([]social.Report, error) {
		return w.Store.Reports(c.UserContext(), social.ReportFilter{Resolved: resolved}, p)
	}, func(r social.Report) social.ID { return r.ID })
	if err != nil {
		return err
	}
	return w.reportsPage(c, views.Moderation{Older: next}, resolved, all)
}

func (w *Web) reportsPage(c *fiber.Ctx, m views.Moderation, resolved bool, all []social.Report) error {
	m.Here, m.Title, m.Sentence = "/moderation", "Reports", "What people complain about."
	l, m, err := w.staff(c, m, social.MayManageReports)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	var ids []social.ID
	for _, r := range all {
		ids = append(ids, r.AccountID, r.TargetID)
	}
	people, err := w.Store.AccountsByID(ctx, ids)
	if err != nil {
		return err
	}
	filed := make([]views.Filed, len(all))
	for i, r := range all {
		filed[i] = views.Filed{Report: r, By: people[r.AccountID], About: people[r.TargetID]}
		if filed[i].Posts, err = w.Reader.Reported(ctx, r.StatusIDs); err != nil {
			return err
		}
	}
	return w.draw(c, views.ReportsPage(l, m, resolved, filed))
}

func (w *Web) answerReport(c *fiber.Ctx) error {
	me, which, err := w.deed(c)
	if err != nil {
		return err
	}
	switch c.Params("act") {
	case "resolve":
		_, err = w.Moderation.ResolveReport(c.UserContext(), me.ID, which)
	case "reopen":
		_, err = w.Moderation.ReopenReport(c.UserContext(), me.ID, which)
	default:
		err = social.ErrNotFound
	}
	if err == nil {
		return w.back(c, "")
	}
	return w.refusedReport(c, views.Moderation{}, which, "report"+which.String(), err)
}

// refusedReport shows the report with why something was not done about it, or about whom it is about.
func (w *Web) refusedReport(c *fiber.Ctx, m views.Moderation, which social.ID, place string, cause error) error {
	if !mendable(cause) {
		return cause
	}
	r, err := w.Store.ReportByID(c.UserContext(), which)
	if err != nil {
		return err
	}
	m.Wrong = blame{}.wrong(c, place, cause)
	return w.reportsPage(c, m, !r.ClosedAt.IsZero(), []social.Report{r})
}

func (w *Web) signUps(c *fiber.Ctx) error { return w.signUpsWith(c, views.Wrong{}) }

// signUpsWith has the form that says how people join as it is.
func (w *Web) signUpsWith(c *fiber.Ctx, wrong views.Wrong) error {
	how, err := w.Accounts.Registration(c.UserContext())
	if err != nil {
		return err
	}
	return w.signUpsPage(c, how, wrong)
}

// signUpsPage has the form that says how people join, as it is or as it was typed.
func (w *Web) signUpsPage(c *fiber.Ctx, how social.Registration, wrong views.Wrong) error {
	l, m, err := w.staff(c, views.Moderation{Here: "/moderation/sign_ups", Title: "Sign-ups", Sentence: "Who asks to join, and how people join at all.", Wrong: wrong}, social.MayManageUsers)
	if err != nil {
		return err
	}
	waiting, users, next, err := w.persons(c, social.PeopleFilter{State: social.PeoplePending})
	if err != nil {
		return err
	}
	m.Older = next
	return w.draw(c, views.SignUpsPage(l, m, how, waiting, users))
}

// persons is a page of accounts with what is kept of those who live here.
func (w *Web) persons(c *fiber.Ctx, f social.PeopleFilter) ([]social.Account, map[social.ID]social.User, string, error) {
	people, next, err := listed(c, func(p social.Page) ([]social.Account, error) { return w.Store.People(c.UserContext(), f, p) },
		func(a social.Account) social.ID { return a.ID })
	if err != nil {
		return nil, nil, "", err
	}
	ids := make([]social.ID, len(people))
	for i, a := range people {
		ids[i] = a.ID
	}
	users, err := w.Store.UsersOf(c.UserContext(), ids)
	return people, users, next, err
}

func (w *Web) persona(c *fiber.Ctx) error {
	q, state := strings.TrimSpace(field(c, "q")), field(c, "state")
	f := social.PeopleFilter{State: social.PeopleState(state)}
	f.Username, f.Domain, _ = strings.Cut(strings.TrimPrefix(q, "@"), "@")
	if f.Domain = social.NormalDomain(f.Domain); strings.EqualFold(f.Domain, w.Info.Host) {
		f.Domain, f.Local = "", true
	}
	people, users, next, err := w.persons(c, f)
	if err != nil {
		return err
	}
	return w.personsPage(c, views.Moderation{Older: next}, q, state, people, users)
}

func (w *Web) personsPage(c *fiber.Ctx, m views.Moderation, q, state string, people []social.Account, users map[social.ID]social.User) error {
	m.Here, m.Title, m.Sentence = "/moderation/accounts", "People", "Everybody who is known here."
	l, m, err := w.staff(c, m, social.MayManageUsers)
	if err != nil {
		return err
	}
	return w.draw(c, views.PersonsPage(l, m, q, state, people, users))
}

// moderate does something about somebody and goes back.
func (w *Web) moderate(c *fiber.Ctx) error {
	me, target, err := w.deed(c)
	if err != nil {
		return err
	}
	ctx, m := c.UserContext(), w.Moderation
	typed := views.Moderation{Action: social.AccountAction(field(c, "action")), Text: field(c, "text")}
	report, _ := social.ParseID(field(c, "report")) // 0: not because of one
	switch c.Params("act") {
	case "approve":
		err = m.Approve(ctx, me.ID, target)
	case "reject":
		err = m.Reject(ctx, me.ID, target)
	case "unsuspend":
		err = m.Unsuspend(ctx, me.ID, target)
	case "unsilence":
		err = m.Unsilence(ctx, me.ID, target)
	case "unsensitive":
		err = m.Unsensitize(ctx, me.ID, target)
	case "enable":
		err = m.Enable(ctx, me.ID, target)
	case "act":
		err = m.Act(ctx, me.ID, target, typed.Action, typed.Text, report)
	default:
		err = social.ErrNotFound
	}
	switch place := "account" + target.String(); {
	case err == nil:
		return w.back(c, "")
	case report != 0:
		return w.refusedReport(c, typed, report, place, err)
	case !mendable(err):
		return err
	case c.Params("act") == "approve" || c.Params("act") == "reject":
		return w.signUpsWith(c, blame{}.wrong(c, "waiting", err))
	default:
		typed.Wrong = blame{}.wrong(c, place, err)
		return w.person(c, typed, target)
	}
}

// person is the page of people with one of them.
func (w *Web) person(c *fiber.Ctx, m views.Moderation, who social.ID) error {
	a, err := w.Store.AccountByID(c.UserContext(), who)
	if err != nil {
		return err
	}
	users, err := w.Store.UsersOf(c.UserContext(), []social.ID{who})
	if err != nil {
		return err
	}
	return w.personsPage(c, m, a.Acct(), "", []social.Account{a}, users)
}

func (w *Web) setRegistrations(c *fiber.Ctx) error {
	me, err := w.signedIn(c)
	if err != nil {
		return err
	}
	how := social.Registration{
		Mode: social.RegistrationMode(field(c, "mode")), ReasonRequired: field(c, "reason") != "", Message: strings.TrimSpace(field(c, "message")),
	}
	err = w.Moderation.SetRegistration(c.UserContext(), me.ID, how)
	if mendable(err) {
		return w.signUpsPage(c, how, itself("mode", "message").wrong(c, "join", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/moderation/sign_ups", fiber.StatusSeeOther)
}

func (w *Web) servers(c *fiber.Ctx) error {
	return w.serversPage(c, social.DomainBlock{}, views.Wrong{})
}

func (w *Web) serversPage(c *fiber.Ctx, typed social.DomainBlock, wrong views.Wrong) error {
	l, m, err := w.staff(c, views.Moderation{Here: "/moderation/servers", Title: "Servers", Sentence: "What was decided about other servers.", Wrong: wrong}, social.MayManageFederation)
	if err != nil {
		return err
	}
	blocks, next, err := listed(c, func(p social.Page) ([]social.DomainBlock, error) { return w.Store.DomainBlocks(c.UserContext(), p) },
		func(b social.DomainBlock) social.ID { return b.ID })
	if err != nil {
		return err
	}
	m.Older = next
	return w.draw(c, views.ServersPage(l, m, typed, blocks))
}

func (w *Web) blockServer(c *fiber.Ctx) error {
	me, err := w.signedIn(c)
	if err != nil {
		return err
	}
	typed := social.DomainBlock{
		Domain: field(c, "domain"), Severity: social.Severity(field(c, "severity")), RejectMedia: field(c, "reject_media") != "",
		RejectReports: field(c, "reject_reports") != "", PublicComment: field(c, "public_comment"), PrivateComment: field(c, "private_comment"),
	}
	_, err = w.Moderation.BlockDomain(c.UserContext(), me.ID, typed)
	if mendable(err) {
		return w.serversPage(c, typed, itself("domain", "severity").wrong(c, "", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/moderation/servers", fiber.StatusSeeOther)
}

func (w *Web) liftServer(c *fiber.Ctx) error {
	me, which, err := w.deed(c)
	if err != nil {
		return err
	}
	_, err = w.Moderation.UnblockDomain(c.UserContext(), me.ID, which)
	if errors.Is(err, social.ErrNotFound) {
		err = &social.Error{Kind: social.ErrConflict, Message: "That was lifted already, or decided anew: below is what counts now."}
	}
	if mendable(err) {
		return w.serversPage(c, social.DomainBlock{}, blame{}.wrong(c, "", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/moderation/servers", fiber.StatusSeeOther)
}
