package inbox_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/fixtures"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/lab"
	"orrery/social"
	"orrery/storage"
	"orrery/storage/sqldb"
)

// A document that carries a signature and comes from its own actor is brought into our own terms only where that could
// change how it reads. Two instances, one of which does so always, keep the same of every recorded activity.
func TestLazyReadingStoresTheSame(t *testing.T) {
	t.Parallel()
	activities := recorded(t)
	if len(activities) < 50 {
		t.Fatalf("there are %d recorded activities, want more", len(activities))
	}
	for _, p := range []struct {
		policy    policy.Policy
		documents signature.DocumentProfile
	}{{policy.Mastodon41(), signature.Documents41()}, {policy.Mastodon(), signature.DocumentsCurrent()}} {
		t.Run(p.policy.Name, func(t *testing.T) {
			t.Parallel()
			lazy, eager := reader(t, p.policy, p.documents, false), reader(t, p.policy, p.documents, true)
			for _, a := range activities {
				lazy.take(t, a)
				eager.take(t, a)
			}
			got, want := lazy.rows(t), eager.rows(t)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rows (-always compacting +lazy):\n%s", diff)
			}
			if !strings.Contains(got["statuses"], "https://") {
				t.Error("nothing was kept, so nothing was compared")
			}
		})
	}
}

// recorded are the activities of all fixtures, one of each id and type, with a signature member if they had none: only
// documents with one are ever compacted.
func recorded(t *testing.T) []vocab.Doc {
	t.Helper()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var out []vocab.Doc
	add := func(doc vocab.Doc) {
		a := vocab.ReadActivity(doc)
		if a.Actor == "" || a.Object == "" && a.ObjectDoc == nil || seen[a.ID+a.Type] || !doc.SpeaksActivityStreams() {
			return
		}
		seen[a.ID+a.Type] = true
		doc = maps.Clone(doc)
		if doc["signature"] == nil {
			doc["signature"] = map[string]any{"type": "RsaSignature2017", "creator": a.Actor + "#main-key", "signatureValue": "AA=="}
		}
		out = append(out, doc)
	}
	for _, e := range all {
		for _, body := range [][]byte{e.RequestBody, e.AnswerBody} {
			doc, err := vocab.Decode(body)
			if err != nil {
				continue
			}
			add(doc)
			if n := vocab.ReadNote(doc); n.Type != "" && n.AttributedTo != "" { // a post that was fetched, as its author would send it
				add(vocab.Doc{"@context": doc["@context"], "id": n.ID + "#create", "type": "Create", "actor": n.AttributedTo, "object": map[string]any(doc), "to": doc["to"], "cc": doc["cc"]})
			}
		}
	}
	return out
}

// reading is an instance that applies activities to which nobody listens.
type reading struct {
	*unwatched
	dsn   string
	alice social.Account
	ids   *snowflake.Generator
}

func reader(t *testing.T, p policy.Policy, documents signature.DocumentProfile, eager bool) *reading {
	t.Helper()
	c := clock.New(lab.Epoch().Add(365 * 24 * time.Hour))
	ids := snowflake.New(c.Now)
	r := &reading{unwatched: newUnwatched(t, "alpha.test", c, ids, lab.FixedKeys(), wire{}), ids: ids}
	r.inbox.Eager, r.inbox.Policy, r.inbox.Documents, r.ingest.Policy = eager, p, documents, p
	r.dsn, r.alice = "sqlite:"+filepath.Join(r.dir, "alpha.test.db"), r.person("alice")
	return r
}

// take applies one activity as if its actor, whom alice follows, had delivered it.
func (r *reading) take(t *testing.T, doc vocab.Doc) {
	t.Helper()
	ctx := t.Context()
	actor := vocab.ReadActivity(doc).Actor
	body, err := vocab.Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	err = r.store.Tx(ctx, func(ctx context.Context, tx *storage.Store) error {
		a, err := tx.AccountByURI(ctx, actor)
		if err != nil {
			n := r.ids.Next()
			a = social.Account{ID: social.ID(n), Username: fmt.Sprintf("u%d", n), Domain: "far.test", URI: actor, ActorType: "Person",
				InboxURL: actor + "/inbox", FollowersURL: actor + "/followers", FetchedAt: r.now(), CreatedAt: r.now()}
			if err := tx.InsertAccount(ctx, a, ""); err != nil {
				return err
			}
			f := social.Follow{ID: social.ID(r.ids.Next()), AccountID: r.alice.ID, TargetID: a.ID, URI: fmt.Sprint("f", n), CreatedAt: r.now()}
			if err := tx.InsertFollow(ctx, f); err != nil {
				return err
			}
		}
		sha, err := tx.PutBody(ctx, body)
		if err != nil {
			return err
		}
		return work.Enqueue(ctx, tx, work.Apply, work.Ingress, actor, r.now(), work.Received{Body: sha, Signer: int64(a.ID), SignerURI: actor, Actor: actor})
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.queue.Step(ctx); err != nil {
		t.Fatal(err)
	}
}

// rows are what was kept, one table after the other.
func (r *reading) rows(t *testing.T) map[string]string {
	t.Helper()
	db, err := sqldb.Open(t.Context(), r.dsn, sqldb.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out := map[string]string{}
	for table, columns := range map[string]string{
		"statuses":        "id || ' ' || uri || ' ' || url || ' ' || account_id || ' ' || visibility || ' ' || content || ' ' || spoiler_text || ' ' || reply_to_uri || ' ' || created_at || ' ' || deleted_at || ' ' || language || ' ' || object_type || ' ' || boost_of_id",
		"status_mentions": "status_id || ' ' || account_id",
		"status_tags":     "status_id || ' ' || tag",
		"accounts":        "id || ' ' || uri || ' ' || display_name || ' ' || note || ' ' || inbox_url",
		"follows":         "id || ' ' || account_id || ' ' || target_id || ' ' || uri || ' ' || CASE WHEN pending THEN 1 ELSE 0 END",
		"favourites":      "account_id || ' ' || status_id || ' ' || uri",
		"tombstones":      "uri",
		"suppressions":    "account_id || ' ' || uri",
		"home_entries":    "account_id || ' ' || status_id",
	} {
		rows, err := db.Query(t.Context(), "select "+columns+" from "+table+" order by 1")
		if err != nil {
			t.Fatalf("%s: %v", table, err)
		}
		var all strings.Builder
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			all.WriteString(row + "\n")
		}
		rows.Close()
		out[table] = all.String()
	}
	return out
}
