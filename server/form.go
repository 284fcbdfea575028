package server

import (
	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/social/richtext"
)

// form is how an instance writes and judges what its policy says nothing about: text, signatures, documents.
type form struct {
	text      richtext.Version
	sign      signature.SignProfile
	judge     signature.Profile
	documents signature.DocumentProfile
}

func forms(f policy.Form) form {
	if f == policy.FormCurrent {
		return form{richtext.Current, signature.SignAsMastodon(), signature.Mastodon(), signature.DocumentsCurrent()}
	}
	old := form{richtext.Mastodon41, signature.SignAsMastodon41(), signature.Mastodon41(), signature.Documents41()}
	switch f {
	case policy.FormGoToSocial:
		old.sign, old.judge = signature.SignAsGoToSocial(), signature.EitherTarget()
	case policy.FormLemmy:
		old.sign, old.judge = signature.SignAsLemmy(), signature.EitherTarget()
	case policy.FormMisskey:
		old.sign, old.judge = signature.SignAsMisskey(), signature.EitherTarget()
	case policy.FormPleroma:
		old.sign, old.judge = signature.SignAsPleroma(), signature.EitherTarget()
	}
	return old
}

// instanceName is the username of the instance's own actor (federation.md §1.6).
func (i *Instance) instanceName() string {
	if i.Config.Policy.Form == policy.FormCurrent {
		return "mastodon.internal"
	}
	return i.Services.URLs.Host()
}
