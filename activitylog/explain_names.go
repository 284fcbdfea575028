package activitylog

import (
	"cmp"
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// Names turns addresses into the words that people use. What it is given comes from anywhere, so every word it returns
// is short and free of control and direction characters; it is still not HTML.
type Names struct {
	Servers map[string]string // by host[:port], lower case
	// Username is who lives at an address that has a number instead of a name; "" or nil when nobody knows.
	Username func(uri string) string
	// Shy leaves out who follows whom, for readers who may not know.
	Shy bool
}

const longestWord = 60

// Server is the name of the server at host, or the host itself.
func (n Names) Server(host string) string {
	if name, ok := n.Servers[strings.ToLower(host)]; ok {
		return name
	}
	if host == "" {
		return "somebody"
	}
	return Plain(host, longestWord)
}

// ServerOf is the name of the server that uri belongs to.
func (n Names) ServerOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return "somebody"
	}
	return n.Server(u.Host)
}

// Person is the short name of an actor: the last segment of its path, with its host when that is outside the lab.
func (n Names) Person(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || uri == "" {
		return "somebody"
	}
	path := strings.Trim(u.Path, "/")
	if path == "" || path == "actor" {
		return n.Server(u.Host) + " itself"
	}
	name := strings.TrimPrefix(path[strings.LastIndex(path, "/")+1:], "@")
	if n.Username != nil && strings.HasPrefix(path, "ap/users/") {
		name = cmp.Or(n.Username(u.Scheme+"://"+u.Host+"/"+path), name)
	}
	if _, ours := n.Servers[strings.ToLower(u.Host)]; !ours && u.Host != "" {
		name += "@" + u.Host
	}
	return Plain(name, longestWord)
}

// KeyOf names the key that is part of the actor document at uri.
func (n Names) KeyOf(uri string) string {
	if who, ok := strings.CutSuffix(n.Person(uri), " itself"); ok {
		return who + "’s own key"
	}
	return n.Person(uri) + "’s key"
}

// AuthorOf is the author of a post, as far as its address tells: "/users/NAME/…", "/ap/users/NUMBER/…" and "/@NAME/…" do.
func (n Names) AuthorOf(uri string) (string, bool) {
	u, err := url.Parse(uri)
	if err != nil {
		return "", false
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	switch {
	case len(segments) >= 3 && segments[0] == "users" && segments[1] != "":
		return n.Person(u.Scheme + "://" + u.Host + "/users/" + segments[1]), true
	case len(segments) >= 4 && segments[0] == "ap" && segments[1] == "users" && segments[2] != "":
		return n.Person(u.Scheme + "://" + u.Host + "/ap/users/" + segments[2]), true
	case len(segments) >= 2 && len(segments[0]) > 1 && segments[0][0] == '@':
		return n.Person(u.Scheme + "://" + u.Host + "/" + segments[0]), true
	}
	return "", false
}

// post names the post at uri.
func (n Names) post(uri string) string {
	if author, ok := n.AuthorOf(uri); ok {
		return "a post by " + author
	}
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return "a post"
	}
	return "a post on " + n.Server(u.Host)
}

// Document says what a GET of uri asks for, as far as the address tells.
func (n Names) Document(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return "a document"
	}
	segments := strings.Split(strings.Trim(u.Path, "/"), "/")
	last := segments[len(segments)-1]
	if handle := u.Query().Get("resource"); segments[0] == ".well-known" && handle != "" {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(handle, "acct:"), "@"), "@")
		return "the address of " + Plain(name, longestWord)
	}
	author, owned := n.AuthorOf(uri)
	switch {
	case slices.Contains(segments, "nodeinfo"):
		return "what software it runs"
	case segments[0] == "actor":
		return "the profile of " + n.Server(u.Host) + " itself"
	case len(segments) <= 2 && (segments[0] == "users" || strings.HasPrefix(segments[0], "@")), len(segments) == 3 && segments[0] == "ap" && segments[1] == "users":
		return n.Person(u.Scheme+"://"+u.Host+u.Path) + "’s profile"
	case segments[0] == "contexts":
		return "a conversation begun on " + n.Server(u.Host)
	case segments[0] == "emojis":
		return "an emoji of " + n.Server(u.Host)
	case !owned:
		return "a document"
	case last == "followers", last == "following", last == "outbox":
		return author + "’s " + map[string]string{"followers": "followers", "following": "list of follows", "outbox": "posts"}[last]
	case last == "featured":
		return author + "’s pinned posts"
	case last == "likes", last == "shares":
		return "how many people " + map[string]string{"likes": "like", "shares": "boosted"}[last] + " a post by " + author
	case last == "replies":
		return "the replies to a post by " + author
	case slices.Contains(segments, "statuses") || strings.HasPrefix(segments[0], "@"):
		return "a post by " + author
	}
	return "a document by " + author
}

// Plain is s as one line of at most max runes, without markup, control characters and direction marks.
func Plain(s string, max int) string {
	if len(s) > 8*max+4096 {
		s = s[:8*max+4096]
	}
	s = html.UnescapeString(withoutTags(strings.ToValidUTF8(s, "\uFFFD")))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200d': // joins emoji
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	runes := []rune(strings.Join(strings.Fields(s), " "))
	if len(runes) > max {
		return strings.TrimSpace(string(runes[:max-1])) + "…"
	}
	return string(runes)
}

// withoutTags drops what looks like a tag; the text stays, in order.
func withoutTags(s string) string {
	var b strings.Builder
	for s != "" {
		open := strings.IndexByte(s, '<')
		if open < 0 || open+1 >= len(s) || !strings.ContainsRune("/!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", rune(s[open+1])) {
			if open < 0 || open+1 >= len(s) {
				b.WriteString(s)
				break
			}
			b.WriteString(s[:open+1])
			s = s[open+1:]
			continue
		}
		b.WriteString(s[:open])
		tag := strings.ToLower(s[open+1 : min(len(s), open+4)])
		if strings.HasPrefix(tag, "br") || strings.HasPrefix(tag, "/p") {
			b.WriteByte(' ')
		}
		end := strings.IndexByte(s[open:], '>')
		if end < 0 {
			break
		}
		s = s[open+end+1:]
	}
	return b.String()
}
