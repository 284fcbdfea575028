package policy

// Additions lists what can be added to a policy.
func Additions() []Addition {
	return []Addition{
		{"+fedifetcher", "a program beside the server asks the origins of its posts for their threads, again and again", func(p *Policy) { p.ExternalPull = fediFetcherEvery }},
		{"+relay", "the server subscribes to a relay, which passes everything public on to all its subscribers", func(p *Policy) { p.SubscribesRelay = true }},
	}
}
