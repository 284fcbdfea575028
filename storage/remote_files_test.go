package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestRemoteFiles(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		const address = "https://remote.test/a.png"
		old := social.RemoteFile{Address: address, Version: social.RemoteSmall, FileKey: "k", FileSize: 7, FetchedAt: noon}
		none := social.RemoteFile{Address: address, Version: social.RemoteOriginal, FetchedAt: noon.Add(time.Hour)}
		same(t, "size of none", must(s.RemoteFilesSize(ctx))(t), int64(0))
		for _, f := range []social.RemoteFile{none, old, old} {
			ok(t, s.PutRemoteFile(ctx, f))
		}
		same(t, "size", must(s.RemoteFilesSize(ctx))(t), int64(7))
		same(t, "kept", must(s.RemoteFile(ctx, address, social.RemoteSmall))(t), old)
		same(t, "old", must(s.OldRemoteFiles(ctx, noon.Add(2*time.Hour), 9))(t), []social.RemoteFile{old, none})
		same(t, "older", must(s.OldRemoteFiles(ctx, noon.Add(time.Hour), 9))(t), []social.RemoteFile{old})
		ok(t, s.DeleteRemoteFile(ctx, address, social.RemoteSmall))
		_, err := s.RemoteFile(ctx, address, social.RemoteSmall)
		fails(t, err, social.ErrNotFound)
		same(t, "left", must(s.RemoteFile(ctx, address, social.RemoteOriginal))(t), none)
	})
}

func TestDetachAttachments(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice))
		mine := social.Attachment{ID: 1, AccountID: alice, Kind: social.MediaImage, FileKey: "k", CreatedAt: noon}
		before := social.Attachment{ID: 2, AccountID: alice, Kind: social.MediaImage, FileKey: "l", CreatedAt: noon}
		for _, a := range []social.Attachment{mine, before} {
			ok(t, s.InsertAttachment(ctx, a))
		}
		ok(t, s.SetAttachments(ctx, 10, ids(2)))
		ok(t, s.SetAttachments(ctx, 10, ids(1))) // an edit replaces the other
		same(t, "detached", must(s.DetachAttachments(ctx, 10))(t), ids(1, 2))
		same(t, "free again", must(s.AttachmentsByID(ctx, ids(1, 2)))(t), map[social.ID]social.Attachment{1: mine, 2: before})
		same(t, "nothing is left", len(must(s.DetachAttachments(ctx, 10))(t)), 0)
	})
}
