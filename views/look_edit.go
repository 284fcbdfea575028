package views

import "orrery/social"

// Version is one version of a post; Words are its text as harmless HTML.
type Version struct {
	social.Version
	Words string
}

// EditDraft is the form filled with what v says now.
func EditDraft(v social.StatusView) Draft {
	d := Draft{Text: v.Status.Source, SpoilerText: v.Status.SpoilerText, Visibility: v.Status.Visibility, Media: v.Attachments,
		Sensitive: v.Status.Sensitive && v.Status.SpoilerText == ""}
	if v.Poll != nil {
		d.Poll = &social.PollDraft{
			Options: v.Poll.Titles(), Multiple: v.Poll.Multiple, HideTotals: v.Poll.HideTotals, ExpiresIn: v.Poll.ExpiresAt.Sub(v.Status.CreatedAt),
		}
	}
	return d
}

func editPath(v *social.StatusView) string    { return actionPath(v, "edit") }
func historyPath(v *social.StatusView) string { return statusPath(v) + "/history" }
