package social

import "context"

// Dress loads what belongs to accounts when they are shown: the emojis that their texts name, and whom they moved to.
func (r *Reader) Dress(ctx context.Context, as ...*Account) error {
	emojis, err := r.emojisOf(ctx, func(name func(domain string, texts ...string)) {
		for _, a := range as {
			name(a.Domain, textsOf(*a)...)
		}
	})
	if err != nil {
		return err
	}
	var moved []ID
	for _, a := range as {
		if a.MovedToID != 0 {
			moved = append(moved, a.MovedToID)
		}
	}
	var targets map[ID]Account
	if len(moved) > 0 {
		if targets, err = r.Store.AccountsByID(ctx, moved); err != nil {
			return err
		}
	}
	for _, a := range as {
		a.Emojis = pick(emojis, a.Domain, textsOf(*a)...)
		if target, ok := targets[a.MovedToID]; ok {
			a.Moved = &target
		}
	}
	return nil
}

func (r *Reader) dressAll(ctx context.Context, accounts map[ID]Account) error {
	var all []*Account // most need nothing
	for id, a := range accounts {
		if a.MovedToID != 0 || len(Shortcodes(textsOf(a)...)) > 0 {
			all = append(all, pointer(accounts, id))
		}
	}
	if len(all) == 0 {
		return nil
	}
	if err := r.Dress(ctx, all...); err != nil {
		return err
	}
	for _, a := range all {
		accounts[a.ID] = *a
	}
	return nil
}

// loadEmojis finds those of all texts of the batch, and dresses its accounts.
func (r *Reader) loadEmojis(ctx context.Context, l *loaded) error {
	if err := r.dressAll(ctx, l.accounts); err != nil {
		return err
	}
	var err error
	l.emojis, err = r.emojisOf(ctx, func(name func(domain string, texts ...string)) {
		for _, s := range l.statuses {
			if a, ok := l.accounts[s.AccountID]; ok {
				name(a.Domain, s.Content, s.SpoilerText)
			}
		}
	})
	return err
}

// emojisOf loads what the texts that each tells of name; nothing is asked of the store when they name none.
func (r *Reader) emojisOf(ctx context.Context, each func(name func(domain string, texts ...string))) (map[EmojiName]Emoji, error) {
	seen := map[EmojiName]bool{}
	var names []EmojiName
	each(func(domain string, texts ...string) {
		for _, code := range Shortcodes(texts...) {
			if n := (EmojiName{domain, code}); !seen[n] {
				seen[n] = true
				names = append(names, n)
			}
		}
	})
	if len(names) == 0 {
		return nil, nil
	}
	return r.Store.Emojis(ctx, names)
}

// pick are the emojis out of loaded that texts of domain name, in their order.
func pick(loaded map[EmojiName]Emoji, domain string, texts ...string) []Emoji {
	if len(loaded) == 0 {
		return nil
	}
	var out []Emoji
	for _, code := range Shortcodes(texts...) {
		if e, ok := loaded[EmojiName{domain, code}]; ok {
			out = append(out, e)
		}
	}
	return out
}

// textsOf are where emojis of an account may stand.
func textsOf(a Account) []string {
	texts := make([]string, 0, 2+2*len(a.Fields))
	texts = append(texts, a.DisplayName, a.Note)
	for _, f := range a.Fields {
		texts = append(texts, f.Name, f.Value)
	}
	return texts
}
