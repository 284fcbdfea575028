// Package static holds the style sheet and the scripts of the pages, embedded, under addresses that change with their
// content, so that browsers may keep them for a year. The scripts of others (htmx and two extensions) are copies in
// vendor/, whose origin, licence and SHA-256 vendor.lock lists.
//
// It serves nothing: handlers call Open with what follows "/static/" and send what they get.
//
// What a newcomer gets wrong: an address is never written by hand. URL makes it, and an address with an old hash opens
// nothing, so that a page never gets scripts of another version than its own.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"sync"
)

// Prefix is where the files are mounted.
const Prefix = "/static/"

// CacheControl goes with every file: an address never changes its content.
const CacheControl = "public, max-age=31536000, immutable"

//go:embed orrery.css log.css matrix.css runs.css app.js news.js log.js theme.js icon.svg nobody.png vendor/*.js
var files embed.FS

// File is one asset.
type File struct {
	Name string // "htmx.min.js"
	Hash string // 12 hex digits of the content's SHA-256
	Type string // media type
	Body []byte
}

// all reads the files once: they are part of the program.
var all = sync.OnceValue(func() map[string]File {
	m := map[string]File{}
	for _, dir := range []string{".", "vendor"} {
		entries, err := files.ReadDir(dir)
		if err != nil {
			panic(fmt.Sprintf("embedded folder %s: %v", dir, err)) // cannot happen: it is embedded
		}
		for _, e := range entries {
			if e.IsDir() {
				continue
			}
			body, err := files.ReadFile(path.Join(dir, e.Name()))
			if err != nil {
				panic(fmt.Sprintf("embedded file %s: %v", e.Name(), err))
			}
			sum := sha256.Sum256(body)
			m[e.Name()] = File{Name: e.Name(), Hash: hex.EncodeToString(sum[:6]), Type: mediaType(e.Name()), Body: body}
		}
	}
	return m
})

// URL is the address of a file on any host: "/static/HASH/NAME". It panics when there is none of that name: that is a
// slip in a template, which the first test to draw it finds.
func URL(name string) string {
	f, ok := all()[name]
	if !ok {
		panic("static: no file named " + name)
	}
	return Prefix + f.Hash + "/" + name
}

// Open returns the file at what follows Prefix in an address, "HASH/NAME"; false when name or hash is not known.
func Open(rest string) (File, bool) {
	hash, name, _ := strings.Cut(rest, "/")
	f, ok := all()[name]
	return f, ok && f.Hash == hash
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	}
	return "application/octet-stream"
}
