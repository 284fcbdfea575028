package rules

// Signatures: repeating, keys and proofs.
const (
	SigSecondKnock ID = "sig.second-knock"
)

var signatures = []Rule{
	{SigSecondKnock, Deliver, "The other server refused the older kind of signature, so the request is repeated at once with the newer one, RFC 9421.", "federation.md §5.2"},
}
