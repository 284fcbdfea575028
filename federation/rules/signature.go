package rules

// Signatures: repeating, keys and proofs.
const (
	SigSecondKnock    ID = "sig.second-knock"
	SigRequired       ID = "sig.required"
	KeyRefreshFailed  ID = "key.refresh-failed"
	KeyRevoked        ID = "key.revoked"
	KeyExpired        ID = "key.expired"
	KeySourceSkipped  ID = "key.source-skipped"
	KeyReadLately     ID = "key.read-lately"
	KeyAllReplaced    ID = "key.all-replaced"
	LDSProofOK        ID = "lds.proof-ok"
	LDSProofInvalid   ID = "lds.proof-invalid"
	LDSProofByAnother ID = "lds.proof-by-another"
)

var signatures = []Rule{
	{SigSecondKnock, Deliver, "The other server refused the older kind of signature, so the request is repeated at once with the newer one, RFC 9421.", "federation.md §5.2"},

	{SigRequired, Verify, "This server shows documents to signed requests only, and this one is not signed.", "federation.md §5.7"},
	{KeyRefreshFailed, Verify, "The kept key does not fit, and its owner's document could not be read again.", "federation.md §5.6"},
	{KeyRevoked, Verify, "The sender took the key back that signed this.", "federation.md §5.6"},
	{KeyExpired, Verify, "The key that signed this has expired.", "federation.md §5.6"},
	{KeySourceSkipped, Verify, "A look-up for a request from the same address failed less than five minutes ago, so none is made now.", "federation.md §5.5 step 7"},
	{KeyReadLately, Verify, "The keys of this person were read again less than a minute ago and none fitted, so they are not read once more.", "federation.md §5.5 step 6"},
	{KeyAllReplaced, Verify, "None of the keys by which this person was known is left, so it may be somebody else: people here follow anew.", "federation.md §2.5"},
	{LDSProofOK, Verify, "The document carries its author's own proof, which holds whoever carried it.", "federation.md §6.6, FEP-8b32"},
	{LDSProofInvalid, Verify, "Somebody else carried it and the proof in the document does not hold.", "federation.md §6.6, FEP-8b32"},
	{LDSProofByAnother, Verify, "The proof in the document was made by somebody who is not its actor.", "federation.md §6.6, FEP-8b32"},
}
