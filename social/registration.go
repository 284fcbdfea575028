package social

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Registration says how people join this server. It is a setting, kept in the database.
type Registration struct {
	Mode RegistrationMode `json:"mode"`
	// ReasonRequired asks for a sentence about why, when somebody answers by hand.
	ReasonRequired bool `json:"reason_required,omitempty"`
	// Message is shown where nobody can join, "" for the usual words.
	Message string `json:"message,omitempty"`
}

// RegistrationMode is one of the ways to join.
type RegistrationMode string

// Ways to join. A server without the setting is closed.
const (
	RegistrationsClosed  RegistrationMode = "closed"
	RegistrationsByHand  RegistrationMode = "approval" // somebody who runs the server lets each in
	RegistrationsForAll  RegistrationMode = "open"
	registrationsSetting                  = "registrations"
)

// Open reports whether anybody can ask to join.
func (r Registration) Open() bool {
	return r.Mode == RegistrationsForAll || r.Mode == RegistrationsByHand
}

// Approval reports whether who joins waits for an answer.
func (r Registration) Approval() bool { return r.Mode == RegistrationsByHand }

// SettingStore keeps what is decided for the whole server, by name.
type SettingStore interface {
	// Setting is "" when it was never set.
	Setting(ctx context.Context, name string) (string, error)
	PutSetting(ctx context.Context, name, value string) error
	// UserByEmail finds who gave address, in small letters, when they joined.
	UserByEmail(ctx context.Context, address string) (ID, error)
}

// Registration is how people join now.
func (s *Accounts) Registration(ctx context.Context) (Registration, error) {
	return registration(ctx, s.Store)
}

func registration(ctx context.Context, store SettingStore) (Registration, error) {
	r := Registration{Mode: RegistrationsClosed}
	kept, err := store.Setting(ctx, registrationsSetting)
	if err != nil || kept == "" {
		return r, err
	}
	if err := json.Unmarshal([]byte(kept), &r); err != nil {
		return r, fmt.Errorf("read the setting %s: %w", registrationsSetting, err)
	}
	return r, nil
}

// SetRegistration decides how people join. Errors: ErrInvalid, ErrForbidden.
func (m *Moderation) SetRegistration(ctx context.Context, by ID, r Registration) error {
	switch r.Mode {
	case RegistrationsClosed, RegistrationsByHand, RegistrationsForAll:
	default:
		return &Error{Kind: ErrInvalid, Field: "mode", Message: fmt.Sprintf("%q is no way to join: choose open, approval or closed.", r.Mode)}
	}
	if utf8.RuneCountInString(r.Message) > maxReason {
		return &Error{Kind: ErrInvalid, Field: "message", Message: fmt.Sprintf("The message is too long: at most %d characters are possible.", maxReason)}
	}
	value, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write the setting %s: %w", registrationsSetting, err)
	}
	return m.keep(ctx, by, MayManageSettings, Deed{Action: "update", TargetType: "setting", Target: registrationsSetting}, "",
		func(ctx context.Context, tx Tx) error { return tx.PutSetting(ctx, registrationsSetting, string(value)) })
}

// SignUp is what somebody sends who wants to join.
type SignUp struct {
	Username, Email, Password string
	EmailRequired             bool // the client API demands one; nothing is ever sent to it
	Agreement                 bool // to the rules
	Reason                    string
	Locale                    string
	From                      string // network address, "" for one that is not known
	Counted                   string // what of From is counted; "" counts nobody
	App                       ID     // the program that asks for them, 0 for the page
}

// Limits of joining.
const (
	maxReason         = 500 // characters
	maxEmail          = 254 // bytes
	minPassword       = 8   // bytes, as of Create
	SignUpsPerAddress = 5
	SignUpSpan        = 30 * time.Minute
)

// reserved are names that strangers would take for those of who runs the server.
var reserved = strings.Fields("abuse account accounts admin administration administrator admins help helpdesk hostmaster info instance " +
	"mod moderator moderators mods owner postmaster root security server staff support system webmaster www")

// NotifySignUp tells those who answer them that FromID has joined, or asks to.
const NotifySignUp NotificationType = "admin.sign_up"

// Register makes somebody a person of this server, or lets them wait for an answer. Errors: Problems (ErrInvalid), ErrForbidden
// (nobody can join, or not from there), ErrThrottled.
func (s *Accounts) Register(ctx context.Context, n SignUp) (Account, User, error) {
	how, err := s.Registration(ctx)
	if err != nil {
		return Account{}, User{}, err
	}
	if !how.Open() {
		return Account{}, User{}, &Error{Kind: ErrForbidden, Message: "Nobody can join this server now. Ask those who run it, or choose another."}
	}
	n.Username, n.Email = strings.TrimSpace(n.Username), strings.ToLower(strings.TrimSpace(n.Email))
	if err := s.throttle(ctx, n.Counted); err != nil {
		return Account{}, User{}, err
	}
	wait, err := s.network(ctx, n.From)
	if err != nil {
		return Account{}, User{}, err
	}
	wait = wait || how.Approval()
	wrong, byMail, err := s.judge(ctx, n, how)
	if err == nil && len(wrong) > 0 {
		err = wrong
	}
	if err != nil {
		return Account{}, User{}, err
	}
	return s.join(ctx, n, wait || byMail)
}

// judge lists everything that is wrong with n, and says whether its address asks for an answer by hand.
func (s *Accounts) judge(ctx context.Context, n SignUp, how Registration) (wrong Problems, wait bool, err error) {
	add := func(field, code, message string) {
		wrong = append(wrong, &Error{Kind: ErrInvalid, Field: field, Code: code, Message: message})
	}
	switch {
	case n.Username == "":
		add("username", CodeBlank, "A username is missing")
	case len(n.Username) > 30:
		add("username", CodeTooLong, "The username is too long: at most 30 characters are possible")
	case !ValidUsername(n.Username):
		add("username", CodeInvalid, "A username has letters, digits and underscores only")
	case slices.Contains(reserved, strings.ToLower(n.Username)):
		add("username", CodeReserved, "That username is reserved")
	default:
		if _, err := s.Store.AccountByHandle(ctx, n.Username, ""); err == nil {
			add("username", CodeTaken, "That username is taken")
		} else if !errors.Is(err, ErrNotFound) {
			return nil, false, err
		}
	}
	switch {
	case n.Email == "" && n.EmailRequired:
		add("email", CodeBlank, "An e-mail address is missing")
	case n.Email == "":
	case !plausibleAddress(n.Email):
		add("email", CodeInvalid, "That is no e-mail address")
	default:
		code, message := "", ""
		if code, message, wait, err = s.address(ctx, n.Email); err != nil {
			return nil, false, err
		}
		if code != "" {
			add("email", code, message)
		}
	}
	switch {
	case n.Password == "":
		add("password", CodeBlank, "A password is missing")
	case len(n.Password) < minPassword:
		add("password", CodeTooShort, "The password is too short: use at least 8 characters")
	}
	if !n.Agreement {
		add("agreement", CodeAccepted, "The rules must be agreed to")
	}
	switch {
	case utf8.RuneCountInString(n.Reason) > maxReason:
		add("reason", CodeTooLong, fmt.Sprintf("The reason is too long: at most %d characters are possible", maxReason))
	case how.Approval() && how.ReasonRequired && strings.TrimSpace(n.Reason) == "":
		add("reason", CodeBlank, "A reason is missing: say in a sentence why you want to join")
	}
	return wrong, wait, nil
}

// address says what is wrong with an e-mail address, or that it makes its owner wait.
func (s *Accounts) address(ctx context.Context, address string) (code, message string, wait bool, err error) {
	if _, err := s.Store.UserByEmail(ctx, address); err == nil {
		return CodeTaken, "Somebody has joined with that address already", false, nil
	} else if !errors.Is(err, ErrNotFound) {
		return "", "", false, err
	}
	blocked, err := s.Store.EmailBlocksByHash(ctx, EmailHash(address))
	if err != nil {
		return "", "", false, err
	}
	if len(blocked) > 0 {
		return CodeBlocked, "That address cannot be used here", false, nil
	}
	_, domain, _ := strings.Cut(address, "@")
	refused := false
	blocks := func(p Page) ([]EmailDomainBlock, error) { return s.Store.EmailDomainBlocks(ctx, p) }
	err = throughPages(blocks, func(b EmailDomainBlock) ID { return b.ID }, func(b EmailDomainBlock) error {
		switch {
		case domain != b.Domain && !strings.HasSuffix(domain, "."+b.Domain):
		case b.AllowWithApproval:
			wait = true
		default:
			refused = true
		}
		return nil
	})
	if err == nil && refused {
		return CodeBlocked, "Addresses there cannot be used here", false, nil
	}
	return "", "", wait, err
}

func plausibleAddress(address string) bool {
	user, domain, ok := strings.Cut(address, "@")
	return ok && user != "" && len(address) <= maxEmail && validDomain(domain) && strings.Contains(domain, ".") && !strings.ContainsAny(address, " \t\r\n<>\",;")
}

// network says whether somebody from an address waits for an answer; ErrForbidden when nobody joins from there.
func (s *Accounts) network(ctx context.Context, from string) (wait bool, err error) {
	at, err := netip.ParseAddr(from)
	if err != nil {
		return false, nil
	}
	blocks := func(p Page) ([]IPBlock, error) { return s.Store.IPBlocks(ctx, p) }
	err = throughPages(blocks, func(b IPBlock) ID { return b.ID }, func(b IPBlock) error {
		network, err := netip.ParsePrefix(b.Network)
		if err != nil || !network.Contains(at.Unmap()) || !b.ExpiresAt.IsZero() && !s.Now().Before(b.ExpiresAt) {
			return nil
		}
		if b.Severity != IPApproval {
			return &Error{Kind: ErrForbidden, Message: "Nobody can join from your network. Ask those who run this server."}
		}
		wait = true
		return nil
	})
	return wait, err
}

// throttle refuses a sender from whom many have joined lately; one who is not known is not counted.
func (s *Accounts) throttle(ctx context.Context, sender string) error {
	if sender == "" {
		return nil
	}
	n, err := s.Store.Attempts(ctx, "sign-up:"+sender, s.Now(), SignUpSpan)
	if err == nil && n >= SignUpsPerAddress {
		err = errManyJoined
	}
	return err
}

var errManyJoined = &Error{Kind: ErrThrottled, Message: "Too many people have joined from your network just now. Wait half an hour and try again."}

func (s *Accounts) join(ctx context.Context, n SignUp, wait bool) (Account, User, error) {
	hash, err := s.HashPassword(ctx, n.Password)
	if err != nil {
		return Account{}, User{}, fmt.Errorf("hash password of %s: %w", n.Username, err)
	}
	a, private, err := s.compose(NewAccount{Username: n.Username})
	if err != nil {
		return Account{}, User{}, err
	}
	a.Waiting = wait
	u := User{
		AccountID: a.ID, PasswordHash: hash, CreatedAt: a.CreatedAt, DefaultVisibility: Public, DefaultLanguage: postingLanguage(n.Locale),
		Pending: wait, Email: n.Email, Reason: strings.TrimSpace(n.Reason), AppID: n.App,
	}
	err = s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.InsertAccount(ctx, a, private); err != nil {
			return err
		}
		if err := tx.InsertUser(ctx, u); err != nil {
			return err
		}
		if n.Counted != "" {
			joined, err := tx.CountAttempt(ctx, "sign-up:"+n.Counted, s.Now(), SignUpSpan)
			if err != nil {
				return err
			}
			if joined > SignUpsPerAddress { // the others asked at the same moment
				return errManyJoined
			}
		}
		staff, err := tx.Staff(ctx, StaffRoles(MayManageUsers))
		if err != nil {
			return err
		}
		for _, id := range staff {
			told := Notification{ID: s.NewID(), AccountID: id, FromID: a.ID, Type: NotifySignUp, CreatedAt: s.Now().UTC().Truncate(time.Millisecond)}
			if err := tx.InsertNotification(ctx, told); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, ErrConflict) { // somebody was quicker by a moment
		return Account{}, User{}, Problems{{Kind: ErrInvalid, Field: "username", Code: CodeTaken, Message: "That username or address is taken"}}
	}
	if errors.Is(err, ErrThrottled) {
		return Account{}, User{}, err
	}
	if err != nil {
		return Account{}, User{}, fmt.Errorf("let %s join: %w", n.Username, err)
	}
	return a, u, nil
}

// postingLanguage is the language of a locale, "en" when it names none.
func postingLanguage(locale string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	if len(base) < 2 || len(base) > 3 || strings.Trim(base, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "en"
	}
	return base
}
