package inbox

// handler is the table of what Mastodon understands; nil for every other type (federation.md §4.0 step 7).
func (in *Inbox) handler(activityType string) Handler {
	switch activityType {
	case "Follow", "Accept", "Reject", "Block":
	default:
		if in.Policy.Relays {
			return relaying{in}
		}
	}
	switch activityType {
	case "Create":
		return create{in}
	case "Announce":
		return announce{in}
	case "Delete":
		return deletion{in}
	case "Update":
		return update{in}
	case "Follow":
		return follow{in}
	case "Like":
		return like{in}
	case "Undo":
		return undo{in}
	case "Accept":
		return accept{in}
	case "Reject":
		return reject{in}
	case "Block":
		return block{in}
	case "Move":
		return move{in}
	case "Flag":
		return flag{in}
	case "Add":
		return add{in}
	case "Remove":
		return remove{in}
	case "QuoteRequest":
		if in.Policy.Quotes {
			return quoteRequest{in}
		}
	}
	return nil
}
