package policy

// RelayServer is no server for people but a relay: who subscribes to it gives it everything public and gets what the others
// gave (federation.md §8.4). A lab sets one up for the servers whose policy has +relay.
func RelayServer() Policy {
	p := Mastodon41()
	p.Name, p.Upstream = "relay", Program{"relay", "1"}
	p.Relays = true
	return p
}
