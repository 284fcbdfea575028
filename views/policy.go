package views

// Policy is the content security policy of every page: nothing but this origin's own files, nothing inline. In a lab,
// signing in as somebody on another server sends the form's answer on to that server, which form-action must allow.
func Policy(inLab bool) string {
	forms := "'self'"
	if inLab {
		forms = "'self' http://localhost:* http://*.localhost:*"
	}
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; form-action " +
		forms + "; base-uri 'none'; frame-ancestors 'none'"
}
