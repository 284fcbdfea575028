// Package views draws Orrery's pages: components take plain values and write HTML, here for people who read and post,
// in log, entry, lab and trace files for people who watch federation. Style sheet and scripts are in views/static.
//
// It loads nothing and decides nothing: handlers (server/web, observatory) load, components draw, and the component that
// draws a row of a page is the one that is sent when only that row changes. Every page works without JavaScript.
//
// What a newcomer gets wrong: the content security policy forbids inline scripts and style attributes. A colour is a
// class (s1 to s4), behaviour is in static/app.js, and HTML that somebody sent is drawn only as Look.Words and Look.Note give it.
package views

import (
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"orrery/social"
)

// Page is what surrounds every page: who looks, from which server, and which place of the house it is.
type Page struct {
	Title string
	// Place is the current item of the rail: home, notifications, local, federated, explore, search, profile,
	// about, requests, log, matrix, scenarios, lab.
	Place string
	// Server is the server's short name ("academy"), empty on the lab's own host, where there are no people.
	Server string
	Hue    int // of Server, 1 to 4; 0 without one
	Viewer *social.Account
	Staff  bool // Viewer may moderate
	// People can be switched to with one click; only a lab has them.
	People  []Person
	Servers []ServerLink
	InLab   bool
	// Alternate is the document about what the page shows, for other servers; empty when there is none.
	Alternate string
	// Flash is one sentence about what just happened, or empty.
	Flash string
	// Now is the server's time, which a lab may have moved; static/app.js lets times go on only when it is real.
	Now time.Time
}

// Person is somebody of a lab. Acct names them across the lab ("alice@academy") and is what POST /lab/enter takes.
type Person struct {
	Name, Acct, Server string
	Hue                int
	Current            bool
}

// ServerLink is one server of a lab.
type ServerLink struct {
	Name, Origin string
	Hue          int
}

// Hues is how many colours servers have, as classes s1 to s4 of the style sheet.
const Hues = 4

// Hue is the colour of a server, the same on every page: the lab's three have their own, any other keeps the one that
// its name gives. Only the first label counts, so "academy" and "academy.localhost:8080" agree.
func Hue(name string) int {
	label, _, _ := strings.Cut(strings.ToLower(name), ".")
	label, _, _ = strings.Cut(label, ":")
	switch label {
	case "":
		return 0
	case "academy":
		return 1
	case "techhub":
		return 2
	case "masto":
		return 3
	}
	h := fnv.New32a()
	h.Write([]byte(label))
	return int(h.Sum32()%Hues) + 1
}

// HueClass is the class that gives an element and what is in it the colour of a server; "s0" is grey.
func HueClass(hue int) string {
	if hue < 0 || hue > Hues {
		hue = 0
	}
	return "s" + strconv.Itoa(hue)
}

// Heading is the text of the window's title bar.
func (p Page) Heading() string {
	site := "Orrery"
	if p.Server != "" {
		site = p.Server
	}
	if p.Title == "" {
		return site
	}
	return p.Title + " · " + site
}

// htmxConfig keeps htmx within the content security policy, and lets answers that refuse show their sentence. Without the
// settle delay a new part works at once: within htmx's 20 ms a quick second click would be an ordinary form that reloads the
// page and loses the reader's place.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,` +
	`"defaultSettleDelay":0,` +
	`"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"[45]..","swap":true,"error":true}]}`

// current is the value of aria-current for a link of the rail.
func (p Page) current(place string) string {
	if p.Place == place {
		return "page"
	}
	return "false"
}
