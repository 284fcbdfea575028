package richtext

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// FirstLink is the address of the first page that HTML links to, as it stands there: no mention, no hashtag, nothing on host,
// and not what is quoted. "" when there is none.
func FirstLink(foreign, host string) string {
	in := html.NewTokenizer(strings.NewReader(foreign))
	quoted := 0
	for {
		switch in.Next() {
		case html.ErrorToken:
			return ""
		case html.EndTagToken:
			if t := in.Token(); quoted > 0 && t.DataAtom == atom.P {
				quoted = 0
			}
		case html.StartTagToken:
			t := in.Token()
			attribute := map[string]string{}
			for _, a := range t.Attr {
				attribute[a.Key] = a.Val
			}
			class := strings.Fields(attribute["class"])
			switch {
			case t.DataAtom == atom.P && has(class, "quote-inline"):
				quoted++
			case t.DataAtom != atom.A || quoted > 0 || has(class, "mention", "hashtag", "u-url") || has(strings.Fields(attribute["rel"]), "tag"):
			case outside(attribute["href"], host):
				return attribute["href"]
			}
		}
	}
}

func has(words []string, any ...string) bool {
	for _, w := range words {
		for _, a := range any {
			if w == a {
				return true
			}
		}
	}
	return false
}

// maxLink is the longest address that is looked at, in bytes.
const maxLink = 2048

func outside(address, host string) bool {
	u, err := url.Parse(address)
	return err == nil && len(address) <= maxLink && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil && !strings.EqualFold(u.Host, host)
}
