package richtext

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"
)

// Account is whom a mention means.
type Account struct {
	// URL is the profile page, the href of the mention. Clients compare it with the mention's url in the API.
	URL string
	// User is the name as its owner writes it.
	User string
	// Domain is the account's handle domain, with its port in a lab; empty for an account of this server.
	Domain string
}

// Resolve says whom user@domain means; domain is empty or as in [Entity]. False leaves the mention as text. It is called
// once for each mention in the text, so it should answer from what the caller looked up before.
type Resolve func(user, domain string) (Account, bool)

// Options say how [Format] writes. The zero value resolves no mention.
type Options struct {
	Version Version

	// Origin is this server's, such as https://academy.test, without a slash at the end. Hashtags link to its /tags.
	Origin string

	// Mention resolves mentions; nil resolves none.
	Mention Resolve

	// QuoteURL is the page of the quoted post. If it is not in the text, the HTML begins with a link to it, for software
	// that knows no quotes.
	QuoteURL string

	// SingleLine leaves out paragraphs and line breaks, for names and values of profile fields.
	SingleLine bool

	// WithDomains writes @user@domain for every account of another server, as in profile fields.
	WithDomains bool

	// RelMe adds rel="me" to links: they are the person's own, in profile fields.
	RelMe bool
}

// Format renders local plain text as HTML (§12.2). Everything is escaped; there is no Markdown. Bytes that are not UTF-8
// and control characters are dropped, and so is white space around the text. Blank text gives "", or only the quote.
func Format(text string, o Options) string {
	text = strings.TrimSpace(clean(text))
	quote := ""
	if o.QuoteURL != "" && !strings.Contains(text, o.QuoteURL) {
		quote = `<p class="quote-inline">RE: ` + o.link(o.QuoteURL) + `</p>`
	}
	if text == "" {
		return quote
	}
	body := o.inline(text)
	if !o.SingleLine {
		body = paragraphs(body)
	}
	return quote + body
}

// Canonical rewrites the mentions of a text as Mastodon does before storing it: @user for an account of this server,
// @user@domain for others, unresolved ones untouched (§12.2).
func Canonical(text string, resolve Resolve) string {
	var b strings.Builder
	last := 0
	for _, e := range Scan(text) {
		if e.Kind != Mention {
			continue
		}
		account, ok := resolve(e.User, e.Domain)
		if !ok {
			continue
		}
		b.WriteString(text[last:e.Start] + "@" + account.User)
		if account.Domain != "" {
			b.WriteString("@" + account.Domain)
		}
		last = e.End
	}
	return b.String() + text[last:]
}

// inline escapes text and marks up its entities, without paragraphs.
func (o Options) inline(text string) string {
	entities := Scan(text)
	people := o.resolve(entities)
	var b strings.Builder
	last := 0
	for _, e := range entities {
		b.WriteString(escape(text[last:e.Start]))
		last = e.End
		switch e.Kind {
		case URL:
			b.WriteString(o.link(e.URL))
		case Hashtag:
			b.WriteString(o.hashtag(e))
		case Mention:
			if account, ok := people.byStart[e.Start]; ok {
				b.WriteString(mention(account, o.WithDomains || people.ambiguous(account)))
			} else {
				b.WriteString(escape(text[e.Start:e.End]))
			}
		}
	}
	b.WriteString(escape(text[last:]))
	return b.String()
}

// mentioned are the accounts that a text mentions.
type mentioned struct {
	byStart map[int]Account
	// domains has, for each user name in lower case, the domains it was mentioned with.
	domains map[string]map[string]bool
}

func (o Options) resolve(entities []Entity) mentioned {
	m := mentioned{byStart: map[int]Account{}, domains: map[string]map[string]bool{}}
	if o.Mention == nil {
		return m
	}
	for _, e := range entities {
		if e.Kind != Mention {
			continue
		}
		account, ok := o.Mention(e.User, e.Domain)
		if !ok {
			continue
		}
		m.byStart[e.Start] = account
		user := strings.ToLower(account.User)
		if m.domains[user] == nil {
			m.domains[user] = map[string]bool{}
		}
		m.domains[user][strings.ToLower(account.Domain)] = true
	}
	return m
}

// ambiguous reports whether the text mentions two accounts of this user name.
func (m mentioned) ambiguous(a Account) bool {
	return len(m.domains[strings.ToLower(a.User)]) > 1
}

func mention(a Account, withDomain bool) string {
	shown := a.User
	if withDomain && a.Domain != "" {
		domain := a.Domain
		if unicode, err := idna.Punycode.ToUnicode(domain); err == nil {
			domain = unicode
		}
		shown += "@" + domain
	}
	return `<span class="h-card" translate="no"><a href="` + escape(a.URL) + `" class="u-url mention">@<span>` +
		escape(shown) + `</span></a></span>`
}

func (o Options) hashtag(e Entity) string {
	return `<a href="` + escape(o.Origin+"/tags/"+url.PathEscape(e.Normalized)) +
		`" class="mention hashtag" rel="tag">#<span>` + escape(e.Name) + `</span></a>`
}

// shownLength is how many characters of a link are visible. The rest is there for those who copy it.
const shownLength = 30

func (o Options) link(target string) string {
	rel := o.Version.rel()
	if o.RelMe {
		rel += " me"
	}
	prefix := linkPrefix(target)
	shown, rest, class := []rune(target[len(prefix):]), "", ""
	// One character more is shown: an ellipsis would take its place.
	if len(shown) > shownLength+1 {
		shown, rest, class = shown[:shownLength], string(shown[shownLength:]), "ellipsis"
	}
	return `<a href="` + escape(target) + `" target="_blank" rel="` + rel + `" translate="no">` +
		`<span class="invisible">` + escape(prefix) + `</span>` +
		`<span class="` + class + `">` + escape(string(shown)) + `</span>` +
		`<span class="invisible">` + escape(rest) + `</span></a>`
}

// linkPrefix is the part of a link that says nothing to a reader.
func linkPrefix(target string) string {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(target, scheme); ok {
			if strings.HasPrefix(rest, "www.") {
				return scheme + "www."
			}
			return scheme
		}
	}
	if strings.HasPrefix(target, "xmpp:") {
		return "xmpp:"
	}
	return ""
}

// paragraphs wraps HTML without block elements: blank lines part paragraphs, a single newline becomes a break, and no
// newline is left. A line with only spaces is not blank, as in Rails' simple_format.
func paragraphs(html string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(html, "\n\n") {
		// Of three or more newlines, one may be left at the start of the next paragraph, or nothing but newlines.
		if part = strings.Trim(part, "\n"); part != "" {
			b.WriteString("<p>" + strings.ReplaceAll(part, "\n", "<br />") + "</p>")
		}
	}
	return b.String()
}
