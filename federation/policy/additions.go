package policy

// Additions lists what can be added to a policy.
func Additions() []Addition {
	return []Addition{
		{"+fedifetcher", "a program beside the server asks the origins of its posts for their threads, again and again", func(p *Policy) { p.ExternalPull = fediFetcherEvery }},
		{"+listeners", "whoever reads a conversation without following its owner is told what happens in it, where conversations have owners", func(p *Policy) { p.ThreadListeners = true }},
		{"+relay", "the server subscribes to a relay, which passes everything public on to all its subscribers", func(p *Policy) { p.SubscribesRelay = true }},
	}
}
