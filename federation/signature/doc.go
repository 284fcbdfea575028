// Package signature makes, checks and explains the signatures of the fediverse: HTTP signatures (draft-cavage-12 and
// RFC 9421) with their digests, Linked Data signatures (RsaSignature2017) and object integrity proofs (eddsa-jcs-2022, mldsa44-jcs-2024).
//
// It leaves finding keys, deciding what a failure means for a delivery, and every network request to others. It knows
// no clock: the time of judgement is a parameter, so a recorded exchange can be judged again years later.
//
// What a newcomer gets wrong: a valid HTTP signature says who *carried* a message, a valid document signature says who
// *wrote* it; and a document signature covers the meaning of a document, not its bytes. After VerifyDocument use only
// what Compact returns, never the members as they were sent.
package signature
