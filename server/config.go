package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/views"
)

// Version is what this program says of itself.
const Version = "0.1.0"

// apiVersion is what clients read out of the version string (contracts.md 8).
const apiVersion = "4.5.0"

// Config says who an instance is.
type Config struct {
	Origin      string // "https://alpha.test"; the start of every URI it mints; required
	Name        string // short name in the log: "academy"; the host when empty
	Title       string // for people; Name when empty
	Description string
	Database    string // "sqlite:PATH" or "postgres://…"; required
	// Synchronous is how hard SQLite presses for the disk: OFF in tests, NORMAL in a lab, FULL otherwise (contracts.md 22).
	Synchronous string
	Policy      policy.Policy
	// FFmpeg and FFprobe are paths of the system's programs; "" when it has none, and then only pictures are taken.
	FFmpeg, FFprobe string
	// Alone says that no other process uses the database, so that leases of a process that died can be taken at once.
	Alone bool
	// RateLimits is how often apps may ask: 1 as often as on Mastodon, 2 twice as often; 0, as in labs, is no limit.
	RateLimits float64
	// Deliveries is how many deliveries to other servers are under way at once; 0 is a number that suits most.
	Deliveries int
	Lab        *LabFace // nil outside a lab
}

// LabFace is what an instance in a lab shows of it.
type LabFace struct {
	// Domain maps a domain as a person writes it, "techhub", to the one handles carry.
	Domain   func(string) string
	Switcher func(ctx context.Context) []views.Person
	Servers  func() []views.ServerLink
}

// World is everything outside an instance that it touches. No part of it reaches around.
type World struct {
	Clock     clock.Clock
	IDs       *snowflake.Generator // shared by the instances of a lab
	Transport http.RoundTripper    // the wire, guarded or in memory
	SchemeOf  func(host string) string
	Rand      io.Reader             // secrets and jitter; need not be safe for concurrent use
	Positions activitylog.Sequencer // shared in a lab; nil: kept in the database
	Files     social.Files          // where media are kept; nil: none are taken
	// Keys gives fixed private keys (PEM) by actor name, for repeatable labs; nil makes new ones.
	Keys func(name string) (pem string)
	// Stepped says that the clock moves by hand: work is done by Step, and requests have no watchdog.
	Stepped bool
	// AtOnce carries out what arrives before it is answered, where nothing must be asked for that. Without it all of it is
	// left to jobs, as a lab whose jobs are one chain wants it.
	AtOnce bool
	Log    *slog.Logger
	// Woken is told after every commit that appended to the log.
	Woken func()
}
