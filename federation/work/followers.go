package work

// Followers is the kind of job that reads a FollowersList and brings follows into line.
const Followers = "pull.followers"

// FollowersList is a list of somebody's followers here, as their server has it.
type FollowersList struct {
	Of     int64  `json:"of"` // whose
	URL    string `json:"url"`
	Digest string `json:"digest"` // of what it should hold
}
