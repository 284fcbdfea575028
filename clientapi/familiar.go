package clientapi

// FamiliarFollowers are those who follow an account among the people whom the viewer follows.
type FamiliarFollowers struct {
	ID       string    `json:"id"` // of the account
	Accounts []Account `json:"accounts"`
}
