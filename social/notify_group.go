package social

import (
	"context"
	"slices"
	"strings"
)

// NotificationGroup is notifications that are shown as one: the same was done to one post, or people followed, within half a
// day. A notification of another kind is a group of its own.
type NotificationGroup struct {
	Key     string
	Newest  Notification
	Count   int64
	FirstID ID   // of its oldest notification
	People  []ID // who did it, the latest first; at most SampleSize
}

// SampleSize is how many people of a group are named.
const SampleSize = 8

// ungrouped begins the keys of groups of one.
const ungrouped = "ungrouped-"

// GroupKeyOf is the key of n when notifications of its kind are grouped or not.
func GroupKeyOf(n Notification, grouped bool) string {
	if grouped && n.GroupKey != "" {
		return n.GroupKey
	}
	return ungrouped + n.ID.String()
}

// Groupable are the kinds that can be shown as one.
func Groupable() []NotificationType {
	return []NotificationType{NotifyFavourite, NotifyReblog, NotifyFollow}
}

// NotificationGroupStore reads notifications by group. Filtered ones are in none.
type NotificationGroupStore interface {
	// NotificationHeads are the newest of each group, those of kinds that are not in grouped all: a page of groups.
	NotificationHeads(ctx context.Context, account ID, grouped []NotificationType, f NotificationFilter, p Page) ([]Notification, error)
	// NotificationsOf are those of a group, paged by id, newest first.
	NotificationsOf(ctx context.Context, account ID, key string, p Page) ([]Notification, error)
	// NotificationGroups are the groups with these keys, by key; Newest has only its id and kind.
	NotificationGroups(ctx context.Context, account ID, keys []string) (map[string]NotificationGroup, error)
	DeleteNotificationGroup(ctx context.Context, account ID, key string) error
}

// NotificationGroupView is a group with its parts loaded.
type NotificationGroupView struct {
	Group  NotificationGroup
	Status *StatusView
	People []Account // as in Group, those who are here still
}

// NotificationGroups returns one page of what happened to viewer, with notifications of the kinds grouped as one.
func (r *Reader) NotificationGroups(ctx context.Context, viewer ID, grouped []NotificationType, f NotificationFilter, p Page) ([]NotificationGroupView, error) {
	heads, err := r.Store.NotificationHeads(ctx, viewer, grouped, f, p)
	if err != nil {
		return nil, err
	}
	return r.groups(ctx, viewer, heads, func(n Notification) string { return GroupKeyOf(n, slices.Contains(grouped, n.Type)) })
}

// NotificationGroup returns viewer's group of a key, or ErrNotFound.
func (r *Reader) NotificationGroup(ctx context.Context, viewer ID, key string) (NotificationGroupView, error) {
	head, err := r.head(ctx, viewer, key)
	if err != nil {
		return NotificationGroupView{}, err
	}
	views, err := r.groups(ctx, viewer, []Notification{head}, func(Notification) string { return key })
	if err != nil || len(views) == 0 {
		return NotificationGroupView{}, firstError(err, ErrNotFound)
	}
	return views[0], nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// head is the newest notification of a group of viewer's.
func (r *Reader) head(ctx context.Context, viewer ID, key string) (Notification, error) {
	if id, ok := OneAlone(key); ok {
		return r.Store.NotificationByID(ctx, viewer, id)
	}
	found, err := r.Store.NotificationsOf(ctx, viewer, key, Page{Limit: 1})
	if err != nil {
		return Notification{}, err
	}
	if len(found) == 0 {
		return Notification{}, ErrNotFound
	}
	return found[0], nil
}

// OneAlone is the notification that a key of a group of one names.
func OneAlone(key string) (ID, bool) {
	word, ok := strings.CutPrefix(key, ungrouped)
	if !ok {
		return 0, false
	}
	return ParseID(word)
}

// groups loads the groups of heads; those whose people or post are gone are left out.
func (r *Reader) groups(ctx context.Context, viewer ID, heads []Notification, key func(Notification) string) ([]NotificationGroupView, error) {
	var keys []string
	for _, n := range heads {
		if _, alone := OneAlone(key(n)); !alone {
			keys = append(keys, key(n))
		}
	}
	found, err := r.Store.NotificationGroups(ctx, viewer, keys)
	if err != nil {
		return nil, err
	}
	groups := make([]NotificationGroup, len(heads))
	var people, statuses []ID
	for i, n := range heads {
		g, ok := found[key(n)]
		if !ok {
			g = NotificationGroup{Key: key(n), Count: 1, FirstID: n.ID, People: []ID{n.FromID}}
		}
		g.Newest = n
		groups[i], people = g, append(people, g.People...)
		if n.StatusID != 0 {
			statuses = append(statuses, n.StatusID)
		}
	}
	posts, accounts, err := r.together(ctx, viewer, statuses, people)
	if err != nil {
		return nil, err
	}
	var out []NotificationGroupView
	for _, g := range groups {
		v := NotificationGroupView{Group: g, Status: posts[g.Newest.StatusID]}
		for _, id := range g.People {
			if a := accounts[id]; a != nil {
				v.People = append(v.People, *a)
			}
		}
		if len(v.People) > 0 && (g.Newest.StatusID == 0 || v.Status != nil) {
			out = append(out, v)
		}
	}
	return out, nil
}
