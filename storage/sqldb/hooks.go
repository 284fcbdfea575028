package sqldb

// hooks are the AfterEnd callbacks of one function, nested parts included, in the order of registration.
type hooks struct{ list []hook }

type hook struct {
	fn   func(committed bool)
	lost bool // registered in a Nest that was undone
}

func (h *hooks) add(fn func(bool)) { h.list = append(h.list, hook{fn: fn}) }

// lose marks the callbacks from the nth on as belonging to changes that were undone.
func (h *hooks) lose(n int) {
	for i := n; i < len(h.list); i++ {
		h.list[i].lost = true
	}
}

// run calls each callback once; a second run does nothing.
func (h *hooks) run(committed bool) {
	list := h.list
	h.list = nil
	for _, k := range list {
		k.fn(committed && !k.lost)
	}
}
