package vocab_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orrery/federation/vocab"
	"orrery/fixtures"
)

// Everything that is JSON in the recordings reads as something.
func TestRecordedDocumentsRead(t *testing.T) {
	t.Parallel()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	var activities, notes, actors int
	for _, e := range all {
		for _, body := range [][]byte{e.RequestBody, e.AnswerBody} {
			if !json.Valid(body) || bytes.TrimSpace(body)[0] != '{' {
				continue
			}
			doc, err := vocab.Decode(body)
			if err != nil {
				t.Errorf("%s: %v", e.Name(), err)
				continue
			}
			a, n, p := read(doc)
			switch {
			case n.Type != "":
				notes++
				if n.ID == "" || n.AttributedTo == "" || n.Published.IsZero() && n.Type == "Note" {
					t.Errorf("%s: a post reads as %+v", e.Name(), n)
				}
			case p.Type != "":
				actors++
				stub := strings.HasSuffix(e.Target, "/main-key") // GoToSocial serves its actor without an inbox there
				if p.ID == "" || (p.Inbox == "") != stub || p.PreferredUsername == "" || len(p.Keys) == 0 {
					t.Errorf("%s: an actor reads as %+v", e.Name(), p)
				}
			case e.Method == "POST" && a.Actor != "":
				activities++
				if a.ID == "" || a.Type == "" || a.Type != "Ping" && a.Object == "" && a.ObjectDoc == nil {
					t.Errorf("%s: an activity reads as %+v", e.Name(), a)
				}
			}
		}
	}
	t.Logf("%d activities, %d posts, %d actors", activities, notes, actors)
	if activities < 260 || notes < 45 || actors < 60 {
		t.Errorf("got %d activities, %d posts and %d actors: the recordings hold more", activities, notes, actors)
	}
}

// What each program does in its own way; every row names the recording that shows it.
func TestRecordedQuirks(t *testing.T) {
	t.Parallel()
	t.Run("GoToSocial's key has a path of its own, and its instance actor is a Service", func(t *testing.T) {
		t.Parallel()
		a := vocab.ReadActor(answer(t, "gotosocial-0.20.0-57cb4fe/011-out-get-instance-actor.http"))
		equal(t, "type", a.Type, "Service")
		equal(t, "key id", a.Keys[0].ID, a.ID+"/main-key")
		equal(t, "owner", a.Keys[0].Owner, a.ID)
	})
	t.Run("GoToSocial's stub behind that key has an owner and no inbox", func(t *testing.T) {
		t.Parallel()
		a := vocab.ReadActor(answer(t, "gotosocial-0.20.0-57cb4fe/024-out-get-key.http"))
		equal(t, "keys", len(a.Keys), 1)
		equal(t, "owner", a.Keys[0].Owner, a.ID)
		equal(t, "inbox", a.Inbox, "")
	})
	t.Run("GoToSocial addresses by bare strings and describes pictures in summary", func(t *testing.T) {
		t.Parallel()
		n := note(t, "gotosocial-0.20.0-57cb4fe/089-in-post-create-note-image-with-alt-and-focus.http")
		equal(t, "audience", vocab.Audience(n.To, n.Cc, "http://gts.test/users/alice/followers"), "public")
		equal(t, "cc", n.Cc[0], "http://gts.test/users/alice/followers")
		equal(t, "language", n.Language, "en")
		equal(t, "page without items", len(vocab.Items(n.Replies.Object("first"))), 0)
		picture := object(t, "gotosocial-0.20.0-57cb4fe/089-in-post-create-note-image-with-alt-and-focus.http").Object("attachment")
		equal(t, "description", picture.String("summary"), "A small blue square")
		equal(t, "name", picture.String("name"), "")
	})
	t.Run("a GoToSocial vote is a note with a name and no content", func(t *testing.T) {
		t.Parallel()
		n := note(t, "gotosocial-0.20.0-57cb4fe/145-in-post-create-note-vote-vote-on-our-poll.http")
		equal(t, "name", n.Name, "Green")
		equal(t, "content", n.Content, "")
		equal(t, "in reply to", n.InReplyTo, "http://observer.test/users/erin/statuses/0012")
		equal(t, "audience", vocab.Audience(n.To, n.Cc, "http://gts.test/users/alice/followers"), "direct")
	})
	t.Run("a snac vote has a name, an empty line as content and names the same person twice", func(t *testing.T) {
		t.Parallel()
		n := note(t, "snac-2.94/115-in-post-create-note-vote-on-our-poll.http")
		equal(t, "name", n.Name, "Green")
		equal(t, "content", n.Content, "<br>")
		equal(t, "to", strings.Join(n.To, " "), "http://observer.test/users/erin http://observer.test/users/erin")
		equal(t, "mention", n.Mentions[0].Name, "@erin@observer.test")
	})
	t.Run("snac sets no sensitive and no followers in cc, and writes null for no parent", func(t *testing.T) {
		t.Parallel()
		n := note(t, "snac-2.94/070-in-post-create-note-image-with-alt-text.http")
		equal(t, "cc", len(n.Cc), 0)
		equal(t, "has cc", n.HasCc, true)
		equal(t, "sensitive", n.Sensitive, false)
		equal(t, "parent", n.InReplyTo, "")
		equal(t, "audience", vocab.Audience(n.To, n.Cc, ""), "public")
	})
	t.Run("Fedify writes as:Public, nanoseconds and both content and contentMap", func(t *testing.T) {
		t.Parallel()
		n := note(t, "fedify-1.10.0/037-in-post-create-note-note-languages.http")
		equal(t, "to", n.To[0], "as:Public")
		equal(t, "audience", vocab.Audience(n.To, n.Cc, ""), "public")
		equal(t, "content", n.Content, "<p>Hello.</p>")
		equal(t, "nanoseconds", n.Published.Nanosecond(), 743024236)
	})
	t.Run("a Fedify article is converted and has neither address nor date", func(t *testing.T) {
		t.Parallel()
		n := note(t, "fedify-1.10.0/041-in-post-create-article-article.http")
		equal(t, "converted", n.Converted, true)
		equal(t, "name", n.Name, "On beans")
		equal(t, "url", n.URL, "")
		equal(t, "published", n.Published.IsZero(), true)
	})
	t.Run("Fedify signs documents", func(t *testing.T) {
		t.Parallel()
		a := vocab.ReadActivity(request(t, "fedify-1.10.0/041-in-post-create-article-article.http"))
		equal(t, "signature", a.Signature().String("type"), "RsaSignature2017")
		equal(t, "context", a.Doc.SpeaksActivityStreams(), true)
	})
}

// ORRERY_CORPUS names a folder of published documents; they are too many to keep in the module.
func TestCorpusReads(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("ORRERY_CORPUS")
	if folder == "" {
		t.Skip("ORRERY_CORPUS is not set: name a folder of documents to read them all")
	}
	files, objects := 0, 0
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		doc, err := vocab.Decode(body)
		if err != nil {
			if json.Valid(body) && bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
				t.Errorf("%s: %v", path, err)
			}
			return nil
		}
		objects++
		read(doc)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d of them objects", files, objects)
	if objects == 0 {
		t.Errorf("%s holds no document", folder)
	}
}

func recording(t *testing.T, name string) fixtures.Exchange {
	t.Helper()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		if e.Name() == name {
			return e
		}
	}
	t.Fatalf("there is no recording %s", name)
	return fixtures.Exchange{}
}

func request(t *testing.T, name string) vocab.Doc {
	t.Helper()
	return decode(t, string(recording(t, name).RequestBody))
}

func answer(t *testing.T, name string) vocab.Doc {
	t.Helper()
	return decode(t, string(recording(t, name).AnswerBody))
}

func object(t *testing.T, name string) vocab.Doc {
	return vocab.ReadActivity(request(t, name)).ObjectDoc
}

func note(t *testing.T, name string) vocab.Note { return vocab.ReadNote(object(t, name)) }

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
