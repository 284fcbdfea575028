package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/internal/webpush"
	"orrery/social"
)

// pushLife is how long a notification is worth being pushed.
const pushLife = 48 * time.Hour

// pusher keeps the key by which push services know this instance, once it is known.
type pusher struct {
	mu  sync.Mutex
	key *webpush.Key
}

// pushKey is the public key of the instance, made when it is asked for the first time.
func (i *Instance) pushKey(ctx context.Context) (string, error) {
	key, err := i.ownPushKey(ctx)
	if err != nil {
		return "", err
	}
	return key.Public(), nil
}

func (i *Instance) ownPushKey(ctx context.Context) (*webpush.Key, error) {
	i.pusher.mu.Lock()
	defer i.pusher.mu.Unlock()
	if i.pusher.key != nil {
		return i.pusher.key, nil
	}
	stored, err := i.store.PushKey(ctx, func() (string, error) { return webpush.NewKey(i.world.Rand) })
	if err != nil {
		return nil, err
	}
	i.pusher.key, err = webpush.ParseKey(stored, i.Config.Origin+"/about")
	return i.pusher.key, err
}

// push sends one notification to one subscription. What is gone, out of sight or unwanted by now is not sent.
func (i *Instance) push(ctx context.Context, j jobs.Job) error {
	w, err := work.Read[social.Push](j)
	if err != nil {
		return err
	}
	p, err := i.store.PushSubscriptionByID(ctx, w.Subscription)
	if err == nil {
		err = i.pushTo(ctx, p, w.Notification)
	}
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	return err
}

func (i *Instance) pushTo(ctx context.Context, p social.PushSubscription, notification social.ID) error {
	v, err := i.Services.Reader.Notification(ctx, p.AccountID, notification)
	if err != nil {
		return err
	}
	n := v.Notification
	now := i.world.Clock.Now()
	if now.Sub(n.CreatedAt) >= pushLife {
		return nil
	}
	ties, err := i.store.Relationships(ctx, p.AccountID, []social.ID{n.FromID})
	if err != nil || !p.Policy.Allows(ties[n.FromID]) {
		return err
	}
	user, err := i.store.UserByAccount(ctx, p.AccountID)
	if err != nil {
		return err
	}
	req, err := i.pushRequest(ctx, p, clientapi.FromPush(v, p, user.DefaultLanguage, i.stream.Render(p.AccountID)), now)
	if errors.Is(err, webpush.ErrRecipient) {
		return i.store.DeletePushSubscription(ctx, p.ID)
	}
	if err != nil {
		return err
	}
	status, err := i.sendPush(req)
	switch {
	case err != nil:
		return fmt.Errorf("push notification %d to %s: %w", n.ID, req.URL.Host, err)
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500:
		return fmt.Errorf("push notification %d: %s answered %d", n.ID, req.URL.Host, status)
	}
	// It was taken back or never was one: the program subscribes again when it runs.
	return i.store.DeletePushSubscription(ctx, p.ID)
}

func (i *Instance) pushRequest(ctx context.Context, p social.PushSubscription, m clientapi.WebPushMessage, now time.Time) (*http.Request, error) {
	to, err := webpush.NewRecipient(p.Endpoint, p.P256dh, p.Auth, p.Standard)
	if err != nil {
		return nil, err
	}
	key, err := i.ownPushKey(ctx)
	if err != nil {
		return nil, err
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode a push message: %w", err)
	}
	return webpush.Request(ctx, i.world.Rand, key, to, webpush.Message{Payload: payload, Life: pushLife}, now)
}

// sendPush sends by the guarded transport, but past the log, which is of what servers say to each other.
func (i *Instance) sendPush(req *http.Request) (status int, err error) {
	client := http.Client{
		Transport:     i.world.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	if !i.world.Stepped {
		client.Timeout = activitylog.DeliveryDeadline
	}
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 4<<10))
	return res.StatusCode, nil
}
