package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestAttachments(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, berta))
		a := social.Attachment{
			ID: 1, AccountID: alice, Kind: social.MediaVideo, MediaType: "video/mp4", FileKey: "k", FileSize: 9, PreviewKey: "p",
			Description: "ö", Blurhash: "b", Processing: social.ProcessingQueued, CreatedAt: noon,
			Meta: social.MediaMeta{Focus: &social.Focus{X: -0.5, Y: 1}, Original: social.Size{Width: 3, Duration: 1.5, FrameRate: "30/1"}, Colors: []string{"#000000"}},
		}
		b := social.Attachment{ID: 2, AccountID: alice, Kind: social.MediaUnknown, RemoteURL: "r", RemotePreviewURL: "rp", CreatedAt: noon}
		c := social.Attachment{ID: 3, AccountID: berta, Kind: social.MediaImage, CreatedAt: noon.Add(time.Hour)}
		for _, x := range []social.Attachment{a, b, c} {
			ok(t, s.InsertAttachment(ctx, x))
		}
		same(t, "by id", must(s.AttachmentsByID(ctx, ids(1, 2, 9)))(t), map[social.ID]social.Attachment{1: a, 2: b})
		same(t, "unposted", must(s.UnpostedAttachments(ctx, noon.Add(time.Hour), 9))(t), []social.Attachment{a, b})

		ok(t, s.SetAttachments(ctx, 10, ids(2, 1, 3))) // the third is berta's
		a.StatusID, a.Place, b.StatusID = 10, 1, 10
		same(t, "posted", must(s.Attachments(ctx, ids(10, 11)))(t), map[social.ID][]social.Attachment{10: {b, a}})
		same(t, "another's stays", must(s.AttachmentsByID(ctx, ids(3)))(t)[3], c)
		ok(t, s.SetAttachments(ctx, 11, ids(1)))
		same(t, "not of another post", must(s.Attachments(ctx, ids(11)))(t), map[social.ID][]social.Attachment{})

		a.Processing, a.Description, a.Meta = social.ProcessingDone, "", social.MediaMeta{}
		ok(t, s.UpdateAttachment(ctx, a))
		fails(t, s.UpdateAttachment(ctx, social.Attachment{ID: 99}), social.ErrNotFound)
		ok(t, s.SetAttachments(ctx, 10, ids(1)))
		a.Place, b.Place = 0, social.Replaced
		same(t, "after an edit", must(s.Attachments(ctx, ids(10)))(t), map[social.ID][]social.Attachment{10: {a}})
		same(t, "an earlier version still finds it", must(s.AttachmentsByID(ctx, ids(2)))(t)[2], b)

		must(s.MarkDeleted(ctx, 10, noon))(t)
		ok(t, s.PurgeStatus(ctx, 10))
		a.StatusID = 0
		same(t, "what has a file stays to be removed", must(s.AttachmentsByID(ctx, ids(1, 2)))(t), map[social.ID]social.Attachment{1: a})
		ok(t, s.DeleteAttachment(ctx, 1))
		ok(t, s.DeleteAttachment(ctx, 1))
		same(t, "gone", len(must(s.AttachmentsByID(ctx, ids(1)))(t)), 0)
	})
}

func TestEmojis(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		cat := social.Emoji{ID: 1, Shortcode: "cat", Domain: "far.test", URI: "u", ImageURL: "i", StaticURL: "s", MediaType: "image/png", VisibleInPicker: true, UpdatedAt: noon}
		ours := social.Emoji{ID: 2, Shortcode: "cat", FileKey: "f", StaticKey: "sf", Category: "animals", Featured: true, UpdatedAt: noon}
		dog := social.Emoji{ID: 3, Shortcode: "Dog", UpdatedAt: noon}
		for _, e := range []social.Emoji{cat, ours, dog} {
			ok(t, s.PutEmoji(ctx, e))
		}
		same(t, "by name", must(s.Emojis(ctx, []social.EmojiName{cat.Name(), ours.Name(), {Domain: "far.test", Shortcode: "Dog"}}))(t),
			map[social.EmojiName]social.Emoji{cat.Name(): cat, ours.Name(): ours})
		same(t, "ours", must(s.LocalEmojis(ctx))(t), []social.Emoji{dog, ours})

		cat.Category, cat.Disabled = "x", true
		ok(t, s.SetEmoji(ctx, cat))
		same(t, "not in use", len(must(s.Emojis(ctx, []social.EmojiName{cat.Name()}))(t)), 0)
		again := cat
		again.ID, again.ImageURL, again.Disabled = 9, "i2", false
		ok(t, s.PutEmoji(ctx, again))
		cat.ImageURL = "i2"
		same(t, "a newer picture does not bring it back", must(s.EmojiNamed(ctx, cat.Name()))(t), cat)
		ok(t, s.DeleteEmoji(ctx, cat.Name()))
		_, err := s.EmojiNamed(ctx, cat.Name())
		fails(t, err, social.ErrNotFound)
		fails(t, s.SetEmoji(ctx, cat), social.ErrNotFound)
	})
}

func TestRenameAccount(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		ok(t, s.RenameAccount(ctx, berta, "Bertha", "Other.test"))
		same(t, "found", must(s.AccountByHandle(ctx, "bertha", "other.test"))(t).ID, berta)
		ok(t, s.RenameAccount(ctx, berta, "bertha", "other.test"))
		fails(t, s.RenameAccount(ctx, carl, "BERTHA", "other.test"), social.ErrConflict)
		fails(t, s.RenameAccount(ctx, 99, "x", "y"), social.ErrNotFound)
	})
}
