package linkcard

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const at = "https://blog.test/posts/1?utm=x"

func TestRead(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, page string
		want       Page
	}{
		{"OpenGraph", `<!doctype html><html lang="de-AT"><head><title>Plain</title><meta property="og:title" content=" The  title &amp; more">
			<meta property="og:description" content="About"><meta property="og:image" content="/a.png"><meta property="og:image:alt" content="A cat">
			<meta property="og:image:width" content="640"><meta property="og:image:height" content="480"><meta property="og:site_name" content="Blog">
			<meta name="fediverse:creator" content="@ann@social.test"><meta name="author" content="Ann"><link rel="canonical" href="/posts/1">
			<meta property="article:published_time" content="2026-02-03T04:05:06+01:00"><link rel="alternate" type="application/json+oembed" href="/o?x=1">`,
			Page{URL: "https://blog.test/posts/1", Kind: "link", Title: "The title & more", Description: "About", Image: "https://blog.test/a.png",
				ImageDescription: "A cat", Width: 640, Height: 480, ProviderName: "Blog", Creator: "@ann@social.test", AuthorName: "Ann", Language: "de",
				Published: time.Date(2026, 2, 3, 3, 5, 6, 0, time.UTC), OEmbed: "https://blog.test/o?x=1"}},
		{"plain HTML", `<title>Just
			this</title><meta name=description content=Words>`, Page{Kind: "link", Title: "Just this", Description: "Words"}},
		{"Latin-1", "<meta charset=iso-8859-1><title>caf\xe9</title>", Page{Kind: "link", Title: "café"}},
		{"what leads elsewhere", `<link rel=canonical href=https://other.test/posts/1><meta property=og:url content=https://other.test/><meta property=og:image content=javascript:alert(1)>
			<meta property=og:image:width content=-1><meta property=article:author content=https://blog.test/ann>`,
			Page{Kind: "link", AuthorURL: "https://blog.test/ann"}},
		{"a front page as its canonical address", `<link rel=canonical href=/>`, Page{Kind: "link"}},
		{"nothing", "", Page{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, Read(at, "text/html", []byte(tt.page))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := Read(at, "text/html", []byte("<title>"+strings.Repeat("ä", 9000))); len([]rune(got.Title)) != maxText {
		t.Errorf("a long title has %d characters", len([]rune(got.Title)))
	}
}

func TestEmbed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, document, kind, embed string
		ok                          bool
	}{
		{"a film", `{"type":"video","html":"<div><iframe src=\"https://films.test/1\" onload=x></iframe>","width":"640","height":360}`, "video", "https://films.test/1", true},
		{"a film without protection", `{"type":"video","html":"<iframe src='http://films.test/1'>"}`, "link", "", true},
		{"a film by script", `{"type":"video","html":"<script src=https://films.test/1></script>"}`, "link", "", true},
		{"a photo", `{"type":"photo","url":"/p.jpg","width":10,"height":20}`, "photo", "https://blog.test/p.jpg", true},
		{"a photo nowhere", `{"type":"photo","url":"data:image/png,x"}`, "link", "", true},
		{"rich", `{"type":"rich","html":"<script>x</script>"}`, "link", "", true},
		{"of an unknown kind", `{"type":"else"}`, "link", "", false},
		{"no JSON", `<html>`, "link", "", false},
		{"of odd types", `{"type":["video"],"width":{}}`, "link", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := Page{Kind: "link", Title: "kept"}
			if ok := p.Embed(at, []byte(tt.document)); ok != tt.ok || p.Kind != tt.kind || p.EmbedURL != tt.embed || p.Title != "kept" {
				t.Errorf("got %v %+v, want %v %s %s", ok, p, tt.ok, tt.kind, tt.embed)
			}
		})
	}
	p := Page{Title: "x"}
	p.Embed(at, []byte(`{"type":"link","title":" New ","author_name":"Ann","author_url":"/ann","provider_name":"B","provider_url":"https://b.test","thumbnail_url":"t.png"}`))
	want := Page{Kind: "link", Title: "New", AuthorName: "Ann", AuthorURL: "https://blog.test/ann", ProviderName: "B", ProviderURL: "https://b.test", Image: "https://blog.test/posts/t.png"}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("text/html", []byte(`<html lang=en><meta property="og:title" content=x><link rel=canonical href=//x>`))
	f.Add("text/html; charset=utf-16", []byte("<title>\xff\xfe"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		p := Read(at, contentType, body)
		p.Embed(at, body)
		for _, a := range []string{p.URL, p.Image, p.EmbedURL, p.OEmbed, p.AuthorURL, p.ProviderURL} {
			if a != "" && !strings.HasPrefix(a, "http") {
				t.Errorf("address %q", a)
			}
		}
	})
}
