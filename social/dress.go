package social

import "context"

// People are the accounts of ids with what belongs to them when they are shown.
func (r *Reader) People(ctx context.Context, ids []ID) (map[ID]Account, error) {
	l, err := r.load(ctx, 0, nil, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[ID]Account, len(ids))
	for _, id := range ids {
		if a := l.accounts[id]; a != nil {
			out[id] = *a
		}
	}
	return out, nil
}

// people are the accounts of ids, and whom they moved to.
func (r *Reader) people(ctx context.Context, l *loaded, ids map[ID]bool) (map[ID]*person, error) {
	out := make(map[ID]*person, len(ids))
	if err := r.meet(ctx, l, out, ids); err != nil {
		return nil, err
	}
	return out, r.meetMoved(ctx, l, out)
}

// meetMoved adds whom those of out moved to.
func (r *Reader) meetMoved(ctx context.Context, l *loaded, out map[ID]*person) error {
	moved := map[ID]bool{}
	for _, p := range out {
		if _, here := out[p.MovedToID]; p.MovedToID != 0 && !here {
			moved[p.MovedToID] = true
		}
	}
	return r.meet(ctx, l, out, moved)
}

// meet adds the accounts of ids to out, from the shelf or by reading them.
func (r *Reader) meet(ctx context.Context, l *loaded, out map[ID]*person, ids map[ID]bool) error {
	var missing []ID
	for id := range ids {
		if p := l.knownPeople[id]; p != nil {
			out[id] = p
		} else {
			missing = append(missing, id)
		}
	}
	found, err := r.Store.AccountsByID(ctx, missing)
	for id, a := range found {
		out[id] = personOf(a)
		r.Shelf.putPerson(out[id])
	}
	return err
}

// dressed finds the emojis of all texts of the batch, and gives accounts what belongs to them.
func (r *Reader) dressed(ctx context.Context, l *loaded, people map[ID]*person) (err error) {
	l.emojis, err = r.emojisOf(ctx, func(name func(domain string, codes []string)) {
		for _, p := range people {
			name(p.Domain, p.codes)
		}
		for _, p := range l.posts {
			if a := people[p.AccountID]; a != nil {
				name(a.Domain, p.codes)
			}
		}
	})
	if err != nil {
		return err
	}
	l.accounts = make(map[ID]*Account, len(people))
	for id, p := range people {
		l.accounts[id] = &p.Account
		emojis, target := pick(l.emojis, p.Domain, p.codes), people[p.MovedToID] // nobody has the id 0
		if len(emojis) == 0 && target == nil {
			continue
		}
		a := p.Account
		if a.Emojis = emojis; target != nil {
			a.Moved = &target.Account
		}
		l.accounts[id] = &a
	}
	return nil
}

// Dress loads what belongs to accounts when they are shown: the emojis that their texts name, and whom they moved to.
func (r *Reader) Dress(ctx context.Context, as ...*Account) error {
	l, people := &loaded{}, make(map[ID]*person, len(as))
	for _, a := range as {
		people[a.ID] = personOf(*a)
	}
	err := r.meetMoved(ctx, l, people)
	if err == nil {
		err = r.dressed(ctx, l, people)
	}
	if err != nil {
		return err
	}
	for _, a := range as {
		*a = *l.accounts[a.ID]
	}
	return nil
}

// emojisOf loads what the shortcodes that each tells of name; nothing is asked of the store when there are none.
func (r *Reader) emojisOf(ctx context.Context, each func(name func(domain string, codes []string))) (map[EmojiName]Emoji, error) {
	seen := map[EmojiName]bool{}
	var names []EmojiName
	each(func(domain string, codes []string) {
		for _, code := range codes {
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

// pick are the emojis out of loaded that texts of domain name by codes, in their order.
func pick(loaded map[EmojiName]Emoji, domain string, codes []string) []Emoji {
	if len(loaded) == 0 {
		return nil
	}
	var out []Emoji
	for _, code := range codes {
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
