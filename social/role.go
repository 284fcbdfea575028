package social

import "slices"

// Role is what somebody is on this server beyond being a person on it.
type Role string

// Roles, in Mastodon's words. Everybody is at least RoleNone.
const (
	RoleNone      Role = ""
	RoleModerator Role = "moderator"
	RoleAdmin     Role = "admin"
	RoleOwner     Role = "owner"
)

// Right is one thing that a role may do, as a bit of Mastodon's permissions.
type Right uint64

// Rights. MayAdminister implies all others.
const (
	MayAdminister Right = 1 << iota
	MayViewDevOps
	MayViewAuditLog
	MayViewDashboard
	MayManageReports
	MayManageFederation
	MayManageSettings
	MayManageBlocks
	MayManageTaxonomies
	MayManageAppeals
	MayManageUsers
	MayManageInvites
	MayManageRules
	MayManageAnnouncements
	MayManageEmojis
	MayManageWebhooks
	MayInvite
	MayManageRoles
	MayManageAccess
	MayDeleteData
	MayViewFeeds
)

const (
	moderating = MayViewDashboard | MayViewAuditLog | MayManageUsers | MayManageReports | MayManageTaxonomies | MayManageAppeals
	managing   = moderating | MayManageFederation | MayManageSettings | MayManageBlocks | MayManageRules | MayManageInvites |
		MayManageAnnouncements | MayManageEmojis | MayManageRoles | MayManageAccess | MayDeleteData | MayInvite | MayViewFeeds
)

// roleTable has the roles from the least to the most mighty, with the ids that Mastodon gives them.
var roleTable = []struct {
	role   Role
	id     string
	label  string
	rights Right
}{
	{RoleNone, "-99", "", 0},
	{RoleModerator, "1", "Moderator", moderating},
	{RoleAdmin, "2", "Admin", managing},
	{RoleOwner, "3", "Owner", MayAdminister},
}

func (r Role) row() int {
	for i, row := range roleTable {
		if row.role == r {
			return i
		}
	}
	return 0
}

// KnownRole reports whether r is one of the roles.
func KnownRole(r Role) bool { return roleTable[r.row()].role == r }

// Roles are those that somebody can be given, from the least to the most mighty.
func Roles() []Role { return []Role{RoleNone, RoleModerator, RoleAdmin, RoleOwner} }

// StaffRoles are the roles that may do right.
func StaffRoles(right Right) []Role {
	return slices.DeleteFunc(Roles(), func(r Role) bool { return !r.Can(right) })
}

// ID is the role's id in the client API.
func (r Role) ID() string { return roleTable[r.row()].id }

// Label is the role as people read it, "" for everybody's.
func (r Role) Label() string { return roleTable[r.row()].label }

// Rights are the bits of what the role may do.
func (r Role) Rights() Right { return roleTable[r.row()].rights }

// Can reports whether the role may do right.
func (r Role) Can(right Right) bool {
	has := r.Rights()
	return has&MayAdminister != 0 || has&right != 0
}

// Above reports whether r may act on somebody who is other: only on those who are less.
func (r Role) Above(other Role) bool { return r.row() > other.row() }

// Staff reports whether the role may moderate at all.
func (r Role) Staff() bool { return r.Can(MayManageReports) }
