package server_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/server"
	"orrery/social"
	"orrery/storage/files"
)

// bring imports a file for who and does the work; it returns the import and why rows failed.
func (w *world) bring(who social.Account, kind social.ImportKind, file string, overwrite bool) (social.Import, []social.ImportRow) {
	w.t.Helper()
	i, err := w.in.Services.Imports.Begin(w.t.Context(), who.ID, kind, "file.csv", []byte(file), overwrite)
	w.must(err)
	w.settle()
	i, failed, err := w.in.Services.Imports.Failures(w.t.Context(), who.ID, i.ID)
	w.must(err)
	if i.FinishedAt.IsZero() || i.Waiting != 0 {
		w.t.Errorf("%s: not finished, %d of %d rows wait", kind, i.Waiting, i.Rows)
	}
	return i, failed
}

func (w *world) takes(who social.Account, kind social.ImportKind) string {
	w.t.Helper()
	rows, err := w.in.Services.Imports.Export(w.t.Context(), who.ID, kind)
	w.must(err)
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(strings.Join(a, ","), strings.Join(b, ",")) })
	var b bytes.Buffer
	w.must(kind.WriteRows(&b, rows))
	return b.String()
}

// What one person takes along, another can bring: it is the same then.
func TestImports_bringWhatWasTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, zoe := w.person("alice"), w.person("zoe")
	for _, name := range []string{"bob", "carol", "dora"} {
		w.person(name)
	}
	post := w.say(w.here("bob"), "keep this")
	for kind, file := range map[social.ImportKind]string{
		social.ImportFollowing: "Account address,Show boosts,Notify on new posts,Languages\nbob@alpha.test,false,true,\"de, en\"\ncarol@alpha.test,true,false,\n",
		social.ImportBlocks:    "dora@alpha.test\n",
		social.ImportMutes:     "Account address,Hide notifications\ncarol@alpha.test,false\n",
		social.ImportDomains:   "bad.test\nworse.test\n",
		social.ImportBookmarks: post.URI + "\n",
		social.ImportLists:     "friends,bob@alpha.test\nfriends,carol@alpha.test\n",
	} {
		i, failed := w.bring(alice, kind, file, false)
		if len(failed) != 0 || i.Rows == 0 {
			t.Errorf("%s: %d rows, failed: %+v", kind, i.Rows, failed)
		}
		taken := w.takes(alice, kind)
		if diff := cmp.Diff(file, taken); diff != "" && kind != social.ImportFollowing { // whom a list has, one follows: on usual terms if it came first
			t.Errorf("%s (-brought +taken):\n%s", kind, diff)
		}
		w.bring(zoe, kind, taken, true)
		if diff := cmp.Diff(taken, w.takes(zoe, kind)); diff != "" {
			t.Errorf("%s at zoe's (-alice +zoe):\n%s", kind, diff)
		}
	}
}

func TestImports_overwriteAndFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	for _, name := range []string{"bob", "carol"} {
		w.person(name)
	}
	w.bring(alice, social.ImportFollowing, "bob\ncarol\n", false)
	i, failed := w.bring(alice, social.ImportFollowing, "\ufeffLanguages,account address\nde,@carol\n,nobody@alpha.test\n,alice\n,carol\nx,\n,who@nowhere.test\n", true)
	if i.Rows != 4 || i.Failed != 3 || len(failed) != 3 {
		t.Errorf("%d rows, %d failed: %+v", i.Rows, i.Failed, failed)
	}
	if want, got := "Account address,Show boosts,Notify on new posts,Languages\ncarol@alpha.test,true,false,de\n", w.takes(alice, social.ImportFollowing); got != want {
		t.Errorf("alice follows\n%swant\n%s", got, want)
	}
	w.bring(alice, social.ImportLists, "a,bob\nb,bob\nb,carol\n", false)
	w.bring(alice, social.ImportLists, "b,carol\n", true)
	if got := w.takes(alice, social.ImportLists); got != "b,carol@alpha.test\n" {
		t.Errorf("lists: %q", got)
	}
	for name, file := range map[string]string{
		"empty": "", "only a header": "Account address\n", "another list": "#domain\nbad.test\n", "no text": "\x00\x01", "no UTF-8": "\xff\xfe",
		"too long": strings.Repeat("a\n", 3) + strings.Join(numbered(social.MaxImportRows), "\n"),
	} {
		if _, err := w.in.Services.Imports.Begin(t.Context(), alice.ID, social.ImportFollowing, "f", []byte(file), false); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := w.in.Services.Imports.Begin(t.Context(), alice.ID, "nothing", "f", []byte("bob\n"), false); err == nil {
		t.Error("an unknown kind is taken")
	}
	if _, _, err := w.in.Services.Imports.Failures(t.Context(), w.here("bob").ID, i.ID); err == nil {
		t.Error("bob sees what alice brought")
	}
}

func numbered(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = "u" + social.ID(i).String()
	}
	return out
}

// An archive has everything of one person's, in documents that programs read.
func TestArchive(t *testing.T) {
	t.Parallel()
	kept := &files.Memory{}
	w := newWorld(t, func(_ *server.Config, o *server.World) { o.Files = kept })
	alice, bob := w.person("alice"), w.person("bob")
	const key = "media/ab/00112233445566778899aabbccddeeff.png"
	w.must(kept.Put(t.Context(), key, []byte("picture")))
	w.must(w.in.Services.Store.InsertAttachment(t.Context(), social.Attachment{ID: 9, AccountID: alice.ID, Kind: social.MediaImage, MediaType: "image/png", FileKey: key, CreatedAt: w.clock.Now()}))
	for range 45 {
		w.say(alice, "one of many")
	}
	w.publish(alice, social.Draft{Text: "secret picture", Visibility: social.Private, MediaIDs: []social.ID{9}})
	theirs := w.say(bob, "bob's")
	_, err := w.in.Services.Reactions.Favourite(t.Context(), alice.ID, theirs.ID)
	w.must(err)
	_, err = w.in.Services.Reactions.Bookmark(t.Context(), alice.ID, theirs.ID)
	w.must(err)

	cookie, err := w.in.Services.SignIns.Open(t.Context(), alice.ID)
	w.must(err)
	req, err := http.NewRequestWithContext(t.Context(), "GET", "https://alpha.test/settings/exports/archive.zip", nil)
	w.must(err)
	req.Header.Set("Cookie", "orrery_session="+cookie)
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.must(err)
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil || res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/zip" {
		t.Fatalf("%d %s: %v", res.StatusCode, res.Header.Get("Content-Type"), err)
	}
	read := func(name string) []byte {
		t.Helper()
		f, err := z.Open(name)
		w.must(err)
		defer f.Close()
		content, err := io.ReadAll(f)
		w.must(err)
		return content
	}
	var box struct {
		Type         string
		TotalItems   int
		OrderedItems []struct {
			Type   string
			Object struct {
				Content    string
				Attachment []struct{ URL string }
			}
		}
	}
	w.must(json.Unmarshal(read("outbox.json"), &box))
	if box.Type != "OrderedCollection" || box.TotalItems != 46 || len(box.OrderedItems) != 46 || box.OrderedItems[0].Object.Content != "<p>secret picture</p>" {
		t.Errorf("outbox: %s of %d, %d are there, first %+v", box.Type, box.TotalItems, len(box.OrderedItems), box.OrderedItems[0])
	}
	if a := box.OrderedItems[0].Object.Attachment; len(a) != 1 || a[0].URL != "/"+key {
		t.Errorf("its picture: %+v", a)
	}
	if got := read(key); string(got) != "picture" {
		t.Errorf("the picture is %q", got)
	}
	for _, name := range []string{"likes.json", "bookmarks.json"} {
		var marks struct{ OrderedItems []string }
		w.must(json.Unmarshal(read(name), &marks))
		if diff := cmp.Diff([]string{theirs.URI}, marks.OrderedItems); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	var actor struct{ ID string }
	w.must(json.Unmarshal(read("actor.json"), &actor))
	if actor.ID != alice.URI {
		t.Errorf("the actor is %s", actor.ID)
	}
	req.Header.Del("Cookie")
	if res, err := w.wire.RoundTrip(req); err != nil || res.StatusCode != 303 {
		t.Errorf("a stranger gets %v, %v", res.StatusCode, err)
	}
}
