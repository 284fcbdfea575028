package work

// Quoting is a post that quotes another.
type Quoting struct {
	Status string `json:"status"`          // URI
	Depth  int    `json:"depth,omitempty"` // how many posts that quote led to it
}
