package social

// pageOf is how many of a list are read at a time where all of it is wanted.
const pageOf = 200

// throughPages does something for all that load lists, newest first; id is what they are paged by. It ends with the first error.
func throughPages[T any](load func(Page) ([]T, error), id func(T) ID, do func(T) error) error {
	for p := (Page{Limit: pageOf}); ; {
		page, err := load(p)
		if err != nil {
			return err
		}
		for _, x := range page {
			if err := do(x); err != nil {
				return err
			}
		}
		if len(page) < p.Limit {
			return nil
		}
		p.MaxID = id(page[len(page)-1])
	}
}
