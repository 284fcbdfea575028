package web

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"

	"orrery/social"
)

func (b *browser) brings(kind, mode, file string) answer {
	b.site.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"type": kind, "mode": mode} {
		if err := form.WriteField(name, value); err != nil {
			b.site.t.Fatal(err)
		}
	}
	f, err := form.CreateFormFile("data", "<b>mine</b>.csv")
	if err == nil {
		_, err = f.Write([]byte(file))
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		b.site.t.Fatal(err)
	}
	r := httptest.NewRequest("POST", origin+"/settings/imports", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.send(r)
}

func TestImportAndExport(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	b, other := s.as(alice), s.as(bob)
	b.get("/settings/imports").is(200).none("progress")
	b.brings("following", "merge", "bob\nnobody\n").is(303)
	page := b.get("/settings/imports").is(200)
	page.one("progress")
	if !strings.Contains(page.body, "0 of 2 rows") || strings.Contains(page.body, "<b>mine") {
		t.Errorf("it says %s", page.body)
	}
	all, err := s.store.Imports(t.Context(), alice.ID, 5)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if err := s.web.Imports.Work(t.Context(), all[0].ID); err != nil {
		t.Fatal(err)
	}
	done := b.get("/settings/imports").is(200)
	done.none("progress")
	failures := "/settings/imports/" + all[0].ID.String() + "/failures.csv"
	done.one("[href=" + failures + "]")
	if got := b.get(failures).is(200).body; !strings.Contains(got, "nobody,") {
		t.Errorf("failures: %q", got)
	}
	other.get(failures).is(404)
	if got := b.get("/settings/exports/follows.csv").is(200); got.body != "Account address,Show boosts,Notify on new posts,Languages\nbob@"+host+",true,false,\n" ||
		got.header.Get("Content-Disposition") != `attachment; filename="follows.csv"` {
		t.Errorf("export: %q %v", got.body, got.header)
	}
	b.get("/settings/export").is(200).one("[href=/settings/exports/archive.zip]")
	b.get("/settings/exports/else.csv").is(404)
	b.brings("following", "overwrite", "").is(422).one("p", "#wrong-data")
	b.brings("odd", "merge", "bob\n").is(422)
	for range 3 {
		b.brings("mutes", "merge", "bob\n")
	}
	b.brings("mutes", "merge", "bob\n").is(429)
	s.as(social.Account{}).get("/settings/imports").is(303)
}
