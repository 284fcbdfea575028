package api

import (
	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// access says whose token a route wants.
type access int

const (
	open     access = iota // takes no notice of tokens
	anybody                // anonymous, or a token with the scope
	person                 // a person's token with the scope
	anyToken               // any token, a program's own too
)

// A route is one line of docs/api-coverage.md (make generate writes it). scopes are those of which the token needs one, as Mastodon lists them.
type route struct {
	method, path string // path below /api
	access       access
	scopes       string
	handle       func(*request) error
}

// methods are those the route answers: HEAD wherever GET, PUT wherever PATCH and the other way round.
func (rt route) methods() []string {
	switch rt.method {
	case fiber.MethodGet:
		return []string{fiber.MethodGet, fiber.MethodHead}
	case fiber.MethodPatch:
		return []string{fiber.MethodPatch, fiber.MethodPut}
	case fiber.MethodPut:
		return []string{fiber.MethodPut, fiber.MethodPatch}
	}
	return []string{rt.method}
}

// routes are matched in this order: fixed words stand before parameters.
func (a *API) routes() []route {
	const (
		readStatuses, writeStatuses           = "read read:statuses", "write write:statuses"
		readAccounts, writeAccounts           = "read read:accounts", "write write:accounts"
		writeFavourites                       = "write write:favourites"
		readFollows, writeFollows             = "read read:follows", "follow write write:follows"
		readNotifications, writeNotifications = "read read:notifications", "write write:notifications"
		readSearch                            = "read read:search"
		readLists, writeLists                 = "read read:lists", "write write:lists"
		writeConversations                    = "write write:conversations"
		readBlocks, writeBlocks               = "follow read read:blocks", "follow write write:blocks"
		readFilters, writeFilters             = "read read:filters", "write write:filters"
		readMutes, writeMutes                 = "follow read read:mutes", "follow write write:mutes"

		readPeople, writePeople             = "admin:read admin:read:accounts", "admin:write admin:write:accounts"
		readReports, writeReports           = "admin:read admin:read:reports", "admin:write admin:write:reports"
		readAllows, writeAllows             = "admin:read admin:read:domain_allows", "admin:write admin:write:domain_allows"
		readServers, writeServers           = "admin:read admin:read:domain_blocks", "admin:write admin:write:domain_blocks"
		readEmailDomains, writeEmailDomains = "admin:read admin:read:email_domain_blocks", "admin:write admin:write:email_domain_blocks"
		readEmails, writeEmails             = "admin:read admin:read:canonical_email_blocks", "admin:write admin:write:canonical_email_blocks"
		readIPs, writeIPs                   = "admin:read admin:read:ip_blocks", "admin:write admin:write:ip_blocks"
		readAll, writeAll                   = "admin:read", "admin:write"
	)
	const ( // what roles may do
		people, reports, servers, signUps = social.MayManageUsers, social.MayManageReports, social.MayManageFederation, social.MayManageBlocks
		taxonomies, dashboard             = social.MayManageTaxonomies, social.MayViewDashboard
	)
	return []route{
		{"GET", "/v1/statuses", anybody, readStatuses, a.kept(a.listStatuses)},
		{"POST", "/v1/statuses", person, writeStatuses, a.createStatus},
		{"GET", "/v1/statuses/:id", anybody, readStatuses, a.showStatus},
		{"PUT", "/v1/statuses/:id", person, writeStatuses, a.editStatus},
		{"GET", "/v1/statuses/:id/history", anybody, readStatuses, a.showHistory},
		{"DELETE", "/v1/statuses/:id", person, writeStatuses, a.deleteStatus},
		{"GET", "/v1/statuses/:id/context", anybody, readStatuses, a.showContext},
		{"GET", "/v1/statuses/:id/source", person, readStatuses, a.showSource},
		{"POST", "/v1/statuses/:id/reblog", person, writeStatuses, a.boost},
		{"POST", "/v1/statuses/:id/unreblog", person, writeStatuses, a.unboost},
		{"POST", "/v1/statuses/:id/favourite", person, writeFavourites, a.favourite},
		{"POST", "/v1/statuses/:id/unfavourite", person, writeFavourites, a.unfavourite},
		{"GET", "/v1/statuses/:id/favourited_by", anybody, readAccounts, a.favouritedBy},
		{"GET", "/v1/statuses/:id/reblogged_by", anybody, readAccounts, a.boostedBy},

		{"POST", "/v1/statuses/:id/bookmark", person, "write write:bookmarks", a.bookmark},
		{"POST", "/v1/statuses/:id/unbookmark", person, "write write:bookmarks", a.unbookmark},
		{"GET", "/v1/bookmarks", person, "read read:bookmarks", a.kept(a.listBookmarks)},
		{"GET", "/v1/favourites", person, "read read:favourites", a.kept(a.listFavourites)},

		{"GET", "/v1/scheduled_statuses", person, readStatuses, a.listScheduled},
		{"GET", "/v1/scheduled_statuses/:id", person, readStatuses, a.showScheduled},
		{"PUT", "/v1/scheduled_statuses/:id", person, writeStatuses, a.moveScheduled},
		{"DELETE", "/v1/scheduled_statuses/:id", person, writeStatuses, a.deleteScheduled},

		{"GET", "/v1/markers", person, readStatuses, a.listMarkers},
		{"POST", "/v1/markers", person, writeStatuses, a.setMarkers},

		{"GET", "/v2/filters", person, readFilters, a.listFilters},
		{"POST", "/v2/filters", person, writeFilters, a.createFilter},
		{"GET", "/v2/filters/keywords/:id", person, readFilters, a.showKeyword},
		{"PUT", "/v2/filters/keywords/:id", person, writeFilters, a.changeKeyword},
		{"DELETE", "/v2/filters/keywords/:id", person, writeFilters, a.deleteKeyword},
		{"GET", "/v2/filters/statuses/:id", person, readFilters, a.showFilterStatus},
		{"DELETE", "/v2/filters/statuses/:id", person, writeFilters, a.deleteFilterStatus},
		{"GET", "/v2/filters/:id", person, readFilters, a.showFilter},
		{"PUT", "/v2/filters/:id", person, writeFilters, a.changeFilter},
		{"DELETE", "/v2/filters/:id", person, writeFilters, a.deleteFilter},
		{"GET", "/v2/filters/:id/keywords", person, readFilters, a.listKeywords},
		{"POST", "/v2/filters/:id/keywords", person, writeFilters, a.addKeyword},
		{"GET", "/v2/filters/:id/statuses", person, readFilters, a.listFilterStatuses},
		{"POST", "/v2/filters/:id/statuses", person, writeFilters, a.addFilterStatus},

		{"GET", "/v1/filters", person, readFilters, a.listFiltersV1},
		{"POST", "/v1/filters", person, writeFilters, a.createFilterV1},
		{"GET", "/v1/filters/:id", person, readFilters, a.showFilterV1},
		{"PUT", "/v1/filters/:id", person, writeFilters, a.changeFilterV1},
		{"DELETE", "/v1/filters/:id", person, writeFilters, a.deleteFilterV1},

		{"GET", "/v1/statuses/:id/quotes", person, readStatuses, a.kept(a.listQuotes)},
		{"POST", "/v1/statuses/:id/quotes/:quoting/revoke", person, writeStatuses, a.revokeQuote},
		{"PUT", "/v1/statuses/:id/interaction_policy", person, writeStatuses, a.setInteractionPolicy},

		{"POST", "/v1/statuses/:id/mute", person, "write write:mutes", a.muteConversation},
		{"POST", "/v1/statuses/:id/unmute", person, "write write:mutes", a.unmuteConversation},
		{"POST", "/v1/statuses/:id/pin", person, writeAccounts, a.pin},
		{"POST", "/v1/statuses/:id/unpin", person, writeAccounts, a.unpin},
		{"GET", "/v1/featured_tags", person, readAccounts, a.listFeaturedTags},
		{"POST", "/v1/featured_tags", person, writeAccounts, a.featureTag},
		{"GET", "/v1/featured_tags/suggestions", person, readAccounts, a.suggestTags},
		{"DELETE", "/v1/featured_tags/:id", person, writeAccounts, a.unfeatureTag},
		{"GET", "/v1/accounts/:id/featured_tags", open, "", a.accountFeaturedTags},
		{"GET", "/v1_alpha/async_refreshes/:id", person, "read", a.showRefresh},

		{"GET", "/v1/polls/:id", anybody, readStatuses, a.showPoll},
		{"POST", "/v1/polls/:id/votes", person, writeStatuses, a.vote},

		{"DELETE", "/v1/profile/avatar", person, writeAccounts, a.deleteAvatar},
		{"DELETE", "/v1/profile/header", person, writeAccounts, a.deleteHeader},

		{"POST", "/v2/media", person, "write write:media", a.uploadMedia},
		{"POST", "/v1/media", person, "write write:media", a.uploadMediaV1},
		{"GET", "/v1/media/:id", person, "write write:media", a.showMedia},
		{"PUT", "/v1/media/:id", person, "write write:media", a.updateMedia},
		{"DELETE", "/v1/media/:id", person, "write write:media", a.deleteMedia},

		{"GET", "/v1/timelines/home", person, readStatuses, a.kept(a.homeTimeline)},
		{"GET", "/v1/timelines/public", anybody, readStatuses, a.kept(a.publicTimeline)},
		{"GET", "/v1/timelines/link", anybody, readStatuses, a.linkTimeline},
		{"GET", "/v1/timelines/tag/:id", anybody, readStatuses, a.kept(a.tagTimeline)},

		{"GET", "/v1/timelines/list/:id", person, readLists, a.kept(a.listTimeline)},

		{"GET", "/v1/push/subscription", person, "push", a.showPush},
		{"POST", "/v1/push/subscription", person, "push", a.createPush},
		{"PUT", "/v1/push/subscription", person, "push", a.changePush},
		{"DELETE", "/v1/push/subscription", person, "push", a.deletePush},

		{"GET", "/v1/lists", person, readLists, a.listLists},
		{"POST", "/v1/lists", person, writeLists, a.createList},
		{"GET", "/v1/lists/:id", person, readLists, a.showList},
		{"PUT", "/v1/lists/:id", person, writeLists, a.changeList},
		{"DELETE", "/v1/lists/:id", person, writeLists, a.deleteList},
		{"GET", "/v1/lists/:id/accounts", person, readLists, a.listMembers},
		{"POST", "/v1/lists/:id/accounts", person, writeLists, a.addMembers},
		{"DELETE", "/v1/lists/:id/accounts", person, writeLists, a.removeMembers},
		{"GET", "/v1/accounts/:id/lists", person, readLists, a.listsWith},

		{"GET", "/v1/announcements", person, "", a.listAnnouncements},
		{"POST", "/v1/announcements/:id/dismiss", person, writeAccounts, a.dismissAnnouncement},
		{"PUT", "/v1/announcements/:id/reactions/:name", person, writeFavourites, a.reactToAnnouncement},
		{"DELETE", "/v1/announcements/:id/reactions/:name", person, writeFavourites, a.unreactToAnnouncement},

		{"GET", "/v1/trends", open, "", a.trendingTags},
		{"GET", "/v1/trends/tags", open, "", a.trendingTags},
		{"GET", "/v1/trends/statuses", open, "", a.trendingStatuses},
		{"GET", "/v1/trends/links", open, "", a.trendingLinks},

		{"GET", "/v1/suggestions", person, readAccounts, a.listSuggestionsV1},
		{"DELETE", "/v1/suggestions/:id", person, writeAccounts, a.dismissSuggestion},
		{"GET", "/v2/suggestions", person, readAccounts, a.listSuggestions},
		{"GET", "/v1/directory", open, "", a.directory},

		{"GET", "/v1/tags/:id", open, "", a.showTag},
		{"POST", "/v1/tags/:id/feature", person, writeAccounts, a.featureThisTag},
		{"POST", "/v1/tags/:id/unfeature", person, writeAccounts, a.unfeatureThisTag},
		{"POST", "/v1/tags/:id/follow", person, writeFollows, a.followTag},
		{"POST", "/v1/tags/:id/unfollow", person, writeFollows, a.unfollowTag},
		{"GET", "/v1/followed_tags", person, "follow " + readFollows, a.followedTags},

		{"GET", "/v1/conversations", person, readStatuses, a.listConversations},
		{"DELETE", "/v1/conversations/:id", person, writeConversations, a.deleteConversation},
		{"POST", "/v1/conversations/:id/read", person, writeConversations, a.readConversation},
		{"POST", "/v1/conversations/:id/unread", person, writeConversations, a.unreadConversation},

		{"GET", "/v1/accounts/verify_credentials", person, "profile " + readAccounts, a.verifyCredentials},
		{"PATCH", "/v1/accounts/update_credentials", person, writeAccounts, a.updateCredentials},
		{"GET", "/v1/profile", person, "profile " + readAccounts, a.showProfile},
		{"PATCH", "/v1/profile", person, writeAccounts, a.updateProfile},
		{"GET", "/v1/accounts/familiar_followers", person, readFollows, a.familiarFollowers},
		{"GET", "/v1/accounts/lookup", anybody, readAccounts, a.lookupAccount},
		{"GET", "/v1/accounts/search", person, readAccounts, a.searchAccounts},
		{"GET", "/v1/accounts/relationships", person, readFollows, a.listRelationships},
		{"GET", "/v1/accounts", anybody, readAccounts, a.listAccounts},
		{"POST", "/v1/accounts", anyToken, writeAccounts, a.register},
		{"GET", "/v1/accounts/:id", anybody, readAccounts, a.showAccount},
		{"GET", "/v1/accounts/:id/statuses", anybody, readStatuses, a.kept(a.accountTimeline)},
		{"GET", "/v1/accounts/:id/followers", anybody, readAccounts, a.followers},
		{"GET", "/v1/accounts/:id/following", anybody, readAccounts, a.following},
		{"POST", "/v1/accounts/:id/follow", person, writeFollows, a.follow},
		{"POST", "/v1/accounts/:id/unfollow", person, writeFollows, a.unfollow},

		{"POST", "/v1/accounts/:id/remove_from_followers", person, writeFollows, a.removeFollower},
		{"POST", "/v1/accounts/:id/block", person, writeBlocks, a.block},
		{"POST", "/v1/accounts/:id/unblock", person, writeBlocks, a.unblock},
		{"POST", "/v1/accounts/:id/mute", person, writeMutes, a.mute},
		{"POST", "/v1/accounts/:id/unmute", person, writeMutes, a.unmute},
		{"POST", "/v1/accounts/:id/note", person, writeAccounts, a.note},
		{"POST", "/v1/accounts/:id/pin", person, writeAccounts, a.endorse},
		{"POST", "/v1/accounts/:id/unpin", person, writeAccounts, a.unendorse},
		{"POST", "/v1/accounts/:id/endorse", person, writeAccounts, a.endorse},
		{"POST", "/v1/accounts/:id/unendorse", person, writeAccounts, a.unendorse},
		{"GET", "/v1/accounts/:id/endorsements", anybody, readAccounts, a.endorsements},
		{"GET", "/v1/endorsements", person, readAccounts, a.ownEndorsements},
		{"GET", "/v1/blocks", person, readBlocks, a.listBlocks},
		{"GET", "/v1/mutes", person, readMutes, a.listMutes},
		{"GET", "/v1/domain_blocks", person, readBlocks, a.listDomainBlocks},
		{"GET", "/v1/domain_blocks/preview", person, writeBlocks, a.previewDomainBlock},
		{"POST", "/v1/domain_blocks", person, writeBlocks, a.blockDomain},
		{"DELETE", "/v1/domain_blocks", person, writeBlocks, a.unblockDomain},

		{"GET", "/v1/follow_requests", person, "follow " + readFollows, a.followRequests},
		{"POST", "/v1/follow_requests/:id/authorize", person, writeFollows, a.authorizeFollow},
		{"POST", "/v1/follow_requests/:id/reject", person, writeFollows, a.rejectFollow},

		{"GET", "/v1/notifications", person, readNotifications, a.kept(a.listNotifications)},
		{"POST", "/v1/notifications/clear", person, writeNotifications, a.clearNotifications},
		{"GET", "/v1/notifications/policy", person, readNotifications, a.notificationPolicyV1},
		{"PATCH", "/v1/notifications/policy", person, writeNotifications, a.setNotificationPolicyV1},
		{"GET", "/v2/notifications/policy", person, readNotifications, a.notificationPolicy},
		{"PATCH", "/v2/notifications/policy", person, writeNotifications, a.setNotificationPolicy},
		{"GET", "/v1/notifications/requests", person, readNotifications, a.notificationRequests},
		{"GET", "/v1/notifications/requests/merged", person, readNotifications, a.merged},
		{"POST", "/v1/notifications/requests/accept", person, writeNotifications, a.acceptNotificationRequests},
		{"POST", "/v1/notifications/requests/dismiss", person, writeNotifications, a.dismissNotificationRequests},
		{"GET", "/v1/notifications/requests/:id", person, readNotifications, a.showNotificationRequest},
		{"POST", "/v1/notifications/requests/:id/accept", person, writeNotifications, a.acceptNotificationRequest},
		{"POST", "/v1/notifications/requests/:id/dismiss", person, writeNotifications, a.dismissNotificationRequest},
		{"GET", "/v1/notifications/unread_count", person, readNotifications, a.unreadNotifications},
		{"GET", "/v2/notifications", person, readNotifications, a.kept(a.listNotificationGroups)},
		{"POST", "/v2/notifications/clear", person, writeNotifications, a.clearNotifications},
		{"GET", "/v2/notifications/unread_count", person, readNotifications, a.unreadNotificationGroups},
		{"GET", "/v2/notifications/:id", person, readNotifications, a.showNotificationGroup},
		{"POST", "/v2/notifications/:id/dismiss", person, writeNotifications, a.dismissNotificationGroup},
		{"GET", "/v2/notifications/:id/accounts", person, readNotifications, a.notificationGroupAccounts},
		{"GET", "/v1/notifications/:id", person, readNotifications, a.showNotification},
		{"POST", "/v1/notifications/:id/dismiss", person, writeNotifications, a.dismissNotification},

		{"GET", "/v2/search", anybody, readSearch, a.search},
		{"GET", "/v1/search", person, readSearch, a.searchV1},

		{"GET", "/v1/instance", open, "", a.instanceV1},
		{"GET", "/v2/instance", open, "", a.instance},
		{"GET", "/v1/instance/rules", open, "", a.instanceRules},
		{"GET", "/v1/instance/domain_blocks", open, "", a.instanceDomainBlocks},
		{"GET", "/v1/instance/extended_description", open, "", a.extendedDescription},
		{"GET", "/v1/instance/privacy_policy", open, "", a.privacyPolicy},
		{"GET", "/v1/instance/terms_of_service", open, "", a.terms},
		{"GET", "/v1/instance/terms_of_service/:date", open, "", a.terms},
		{"GET", "/v1/instance/translation_languages", open, "", a.translationLanguages},
		{"GET", "/v1/instance/languages", open, "", a.languages},
		{"GET", "/v1/instance/activity", open, "", a.activity},
		{"GET", "/v1/instance/peers", open, "", a.peers},
		{"GET", "/v1/peers/search", open, "", a.searchPeers},
		{"GET", "/oembed", open, "", a.oEmbed},
		{"POST", "/v1/statuses/:id/translate", person, readStatuses, a.translate},
		{"POST", "/v1/reports", person, "write write:reports", a.createReport},
		{"GET", "/v1/custom_emojis", open, "", a.listEmojis},
		{"GET", "/v1/preferences", person, readAccounts, a.preferences},

		{"GET", "/v1/admin/accounts", person, readPeople, a.staff(people, a.adminAccountsV1)},
		{"GET", "/v2/admin/accounts", person, readPeople, a.staff(people, a.adminAccounts)},
		{"GET", "/v1/admin/accounts/:id", person, readPeople, a.staff(people, a.adminAccount)},
		{"DELETE", "/v1/admin/accounts/:id", person, writePeople, a.staff(social.MayDeleteData, a.adminDelete)},
		{"POST", "/v1/admin/accounts/:id/enable", person, writePeople, a.staff(people, a.adminEnable)},
		{"POST", "/v1/admin/accounts/:id/unsensitive", person, writePeople, a.staff(people, a.adminUnsensitive)},
		{"POST", "/v1/admin/accounts/:id/unsilence", person, writePeople, a.staff(people, a.adminUnsilence)},
		{"POST", "/v1/admin/accounts/:id/unsuspend", person, writePeople, a.staff(people, a.adminUnsuspend)},
		{"POST", "/v1/admin/accounts/:id/approve", person, writePeople, a.staff(people, a.adminApprove)},
		{"POST", "/v1/admin/accounts/:id/reject", person, writePeople, a.staff(people, a.adminReject)},
		{"POST", "/v1/admin/accounts/:id/action", person, writePeople, a.staff(people, a.adminAct)},

		{"GET", "/v1/admin/reports", person, readReports, a.staff(reports, a.adminReports)},
		{"GET", "/v1/admin/reports/:id", person, readReports, a.staff(reports, a.adminReport)},
		{"PUT", "/v1/admin/reports/:id", person, writeReports, a.staff(reports, a.adminChangeReport)},
		{"POST", "/v1/admin/reports/:id/assign_to_self", person, writeReports, a.staff(reports, a.adminAssign)},
		{"POST", "/v1/admin/reports/:id/unassign", person, writeReports, a.staff(reports, a.adminUnassign)},
		{"POST", "/v1/admin/reports/:id/resolve", person, writeReports, a.staff(reports, a.adminResolve)},
		{"POST", "/v1/admin/reports/:id/reopen", person, writeReports, a.staff(reports, a.adminReopen)},

		{"GET", "/v1/admin/domain_allows", person, readAllows, a.staff(servers, a.adminDomainAllows)},
		{"GET", "/v1/admin/domain_allows/:id", person, readAllows, a.staff(servers, a.adminDomainAllow)},
		{"POST", "/v1/admin/domain_allows", person, writeAllows, a.staff(servers, a.adminAllowDomain)},
		{"DELETE", "/v1/admin/domain_allows/:id", person, writeAllows, a.staff(servers, a.adminDisallowDomain)},
		{"GET", "/v1/admin/domain_blocks", person, readServers, a.staff(servers, a.adminDomainBlocks)},
		{"GET", "/v1/admin/domain_blocks/:id", person, readServers, a.staff(servers, a.adminDomainBlock)},
		{"POST", "/v1/admin/domain_blocks", person, writeServers, a.staff(servers, a.adminBlockDomain)},
		{"PUT", "/v1/admin/domain_blocks/:id", person, writeServers, a.staff(servers, a.adminChangeDomainBlock)},
		{"DELETE", "/v1/admin/domain_blocks/:id", person, writeServers, a.staff(servers, a.adminUnblockDomain)},

		{"GET", "/v1/admin/email_domain_blocks", person, readEmailDomains, a.staff(signUps, a.adminEmailDomainBlocks)},
		{"GET", "/v1/admin/email_domain_blocks/:id", person, readEmailDomains, a.staff(signUps, a.adminEmailDomainBlock)},
		{"POST", "/v1/admin/email_domain_blocks", person, writeEmailDomains, a.staff(signUps, a.adminBlockEmailDomain)},
		{"DELETE", "/v1/admin/email_domain_blocks/:id", person, writeEmailDomains, a.staff(signUps, a.adminUnblockEmailDomain)},
		{"GET", "/v1/admin/canonical_email_blocks", person, readEmails, a.staff(signUps, a.adminEmailBlocks)},
		{"POST", "/v1/admin/canonical_email_blocks", person, writeEmails, a.staff(signUps, a.adminBlockEmail)},
		{"POST", "/v1/admin/canonical_email_blocks/test", person, readEmails, a.staff(signUps, a.adminTestEmail)},
		{"GET", "/v1/admin/canonical_email_blocks/:id", person, readEmails, a.staff(signUps, a.adminEmailBlock)},
		{"DELETE", "/v1/admin/canonical_email_blocks/:id", person, writeEmails, a.staff(signUps, a.adminUnblockEmail)},
		{"GET", "/v1/admin/ip_blocks", person, readIPs, a.staff(signUps, a.adminIPBlocks)},
		{"GET", "/v1/admin/ip_blocks/:id", person, readIPs, a.staff(signUps, a.adminIPBlock)},
		{"POST", "/v1/admin/ip_blocks", person, writeIPs, a.staff(signUps, a.adminBlockIP)},
		{"PUT", "/v1/admin/ip_blocks/:id", person, writeIPs, a.staff(signUps, a.adminChangeIPBlock)},
		{"DELETE", "/v1/admin/ip_blocks/:id", person, writeIPs, a.staff(signUps, a.adminUnblockIP)},

		{"GET", "/v1/admin/trends/tags", person, readAll, a.staff(taxonomies, a.adminTrendingTags)},
		{"POST", "/v1/admin/trends/tags/:id/approve", person, writeAll, a.staff(taxonomies, a.adminReviewTag(true))},
		{"POST", "/v1/admin/trends/tags/:id/reject", person, writeAll, a.staff(taxonomies, a.adminReviewTag(false))},
		{"GET", "/v1/admin/trends/links", person, readAll, a.staff(taxonomies, a.adminTrendingLinks)},
		{"POST", "/v1/admin/trends/links/:id/approve", person, writeAll, a.staff(taxonomies, a.adminReviewLink(true))},
		{"POST", "/v1/admin/trends/links/:id/reject", person, writeAll, a.staff(taxonomies, a.adminReviewLink(false))},
		{"GET", "/v1/admin/trends/statuses", person, readAll, a.staff(taxonomies, a.adminTrendingStatuses)},
		{"POST", "/v1/admin/trends/statuses/:id/approve", person, writeAll, a.staff(taxonomies, a.adminReviewStatus(true))},
		{"POST", "/v1/admin/trends/statuses/:id/reject", person, writeAll, a.staff(taxonomies, a.adminReviewStatus(false))},
		{"GET", "/v1/admin/trends/links/publishers", person, readAll, a.staff(taxonomies, a.adminPublishers)},
		{"POST", "/v1/admin/trends/links/publishers/:id/approve", person, writeAll, a.staff(taxonomies, a.adminReviewPublisher(true))},
		{"POST", "/v1/admin/trends/links/publishers/:id/reject", person, writeAll, a.staff(taxonomies, a.adminReviewPublisher(false))},
		{"GET", "/v1/admin/tags", person, readAll, a.staff(taxonomies, a.adminTags)},
		{"GET", "/v1/admin/tags/:id", person, readAll, a.staff(taxonomies, a.adminTag)},
		{"PUT", "/v1/admin/tags/:id", person, writeAll, a.staff(taxonomies, a.adminChangeTag)},
		{"POST", "/v1/admin/measures", person, readAll, a.staff(dashboard, a.adminMeasures)},
		{"POST", "/v1/admin/dimensions", person, readAll, a.staff(dashboard, a.adminDimensions)},
		{"POST", "/v1/admin/retention", person, readAll, a.staff(dashboard, a.adminRetention)},

		{"GET", "/v1/donation_campaigns", person, "", noCampaign},
		{"GET", "/v1/annual_reports", person, readAccounts, noReports},
		{"GET", "/v1/annual_reports/:year", person, readAccounts, noReport},
		{"POST", "/v1/annual_reports/:year/read", person, writeAccounts, noReport},
		{"POST", "/v1/annual_reports/:year/generate", person, writeAccounts, noGenerating},
		{"GET", "/v1/annual_reports/:year/state", person, readAccounts, ineligible},
		{"GET", "/v1/accounts/:id/identity_proofs", person, "", a.identityProofs},
		{"POST", "/v1/emails/confirmations", person, writeAccounts, nothingToConfirm},
		{"GET", "/v1/emails/check_confirmation", person, readAccounts, confirmed},

		{"POST", "/v1/apps", open, "", a.createApp},
		{"GET", "/v1/apps/verify_credentials", anyToken, "", a.verifyApp},
	}
}
