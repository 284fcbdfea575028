package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// form is one form of a page as a browser would send it.
type form struct {
	action string
	fields url.Values
	button map[string]string // label of a button: name=value, or nothing
}

// forms reads the forms of a page, and the value of the field that only shows something, if there is one.
func forms(page string) (all []form, shown string) {
	var f *form
	var pressed *string // the button whose label is being read
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return all, shown
		case html.TextToken:
			if pressed != nil && f != nil {
				f.button[strings.TrimSpace(string(z.Text()))] = *pressed
				pressed = nil
			}
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "form" {
				f = nil
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			at := map[string]string{}
			for _, a := range tag.Attr {
				at[a.Key] = a.Val
			}
			_, readonly := at["readonly"]
			switch {
			case tag.Data == "form":
				all = append(all, form{at["action"], url.Values{}, map[string]string{}})
				f = &all[len(all)-1]
			case tag.Data == "input" && readonly:
				shown = at["value"]
			case tag.Data == "input" && f != nil && at["name"] != "":
				f.fields.Set(at["name"], at["value"])
			case tag.Data == "button" && f != nil:
				sends := ""
				if at["name"] != "" {
					sends = url.Values{at["name"]: {at["value"]}}.Encode()
				}
				pressed = &sends
			}
		}
	}
}

// authorise does with a browser without scripts what a client asks of its person: it opens the address, signs in, allows
// the client, and returns the code, from the page that shows it or from the address that the browser is sent back to.
func (s *stage) authorise(t *testing.T, who somebody, address string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := reaching(t)
	browser.Jar = jar
	code := ""
	browser.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if req.URL.Host != who.host() { // back to the client; nobody listens there
			code = req.URL.Query().Get("code")
			return http.ErrUseLastResponse
		}
		return nil
	}
	read := func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		page, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode >= 400 {
			t.Fatalf("%s: %d %v\n%s", res.Request.URL, res.StatusCode, err, page)
		}
		return string(page)
	}
	send := func(f form) string {
		t.Helper()
		req, err := http.NewRequest(http.MethodPost, who.origin+f.action, strings.NewReader(f.fields.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", who.origin)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		return read(browser.Do(req))
	}
	page := read(browser.Get(address))
	for range 3 { // sign in, allow, and the code
		all, shown := forms(page)
		if code == "" && strings.Contains(page, "Your code") {
			code = shown
		}
		if code != "" {
			return code
		}
		page = send(choose(t, who, page, all))
	}
	t.Fatalf("no code came of %s:\n%s", address, page)
	return ""
}

// choose is what the person does on a page: allow, else sign in.
func choose(t *testing.T, who somebody, page string, all []form) form {
	t.Helper()
	for _, f := range all {
		for label, sends := range f.button {
			asPerson := strings.HasPrefix(label, "Sign in as ") && strings.HasPrefix(sends, "person="+who.name)
			if label != "Allow as @"+who.name && !asPerson {
				continue
			}
			pressed, err := url.ParseQuery(sends)
			if err != nil {
				t.Fatal(err)
			}
			for name, values := range pressed {
				f.fields[name] = values
			}
			return f
		}
	}
	for _, f := range all {
		if f.fields.Has("password") && who.password != "" {
			f.fields.Set("username", who.name)
			f.fields.Set("password", who.password)
			return f
		}
	}
	t.Fatalf("%s can neither allow nor sign in on this page:\n%s", who.name, page)
	return form{}
}
