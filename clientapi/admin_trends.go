package clientapi

import "orrery/social"

// AdminTag is a hashtag as those see it who decide about it.
type AdminTag struct {
	Tag
	Trendable      bool `json:"trendable"`
	Usable         bool `json:"usable"`
	Listable       bool `json:"listable"`
	RequiresReview bool `json:"requires_review"` // nobody decided yet; it trends meanwhile
}

// AdminTrendingLink is a page that trends, or did before staff refused it.
type AdminTrendingLink struct {
	TrendingLink
	ID             string `json:"id"`
	RequiresReview bool   `json:"requires_review"`
}

// AdminTrendingStatus is a post that trends, or did before staff refused it.
type AdminTrendingStatus struct {
	Status
	RequiresReview bool `json:"requires_review"`
}

// AdminPublisher is a host whose pages trend unless staff refuse all of them.
type AdminPublisher struct {
	ID                string `json:"id"`
	Domain            string `json:"domain"`
	Trendable         *bool  `json:"trendable"`
	ReviewedAt        *Time  `json:"reviewed_at"`
	RequestedReviewAt *Time  `json:"requested_review_at"` // nobody is asked
	RequiresReview    bool   `json:"requires_review"`
}

// FromTagDecision renders a hashtag for staff; review is nil when nobody decided whether it may trend.
func FromTagDecision(v social.TagView, d social.TagDecision, review *social.Review, r Render) AdminTag {
	return AdminTag{
		Tag: FromTagView(v, r), Trendable: review == nil || review.Allowed, Usable: !d.Barred, Listable: !d.Unlisted, RequiresReview: review == nil,
	}
}

// FromReviewedLink renders v for staff.
func FromReviewedLink(v social.LinkView, review *social.Review, r Render) AdminTrendingLink {
	return AdminTrendingLink{TrendingLink: FromLinks([]social.LinkView{v}, r)[0], ID: v.ID.String(), RequiresReview: review == nil}
}

// FromReviewedStatus renders v for staff.
func FromReviewedStatus(v social.StatusView, review *social.Review, r Render) AdminTrendingStatus {
	return AdminTrendingStatus{Status: FromStatus(v, r), RequiresReview: review == nil}
}

// FromPublisher renders a host of pages.
func FromPublisher(host string, review *social.Review) AdminPublisher {
	out := AdminPublisher{ID: social.NameID(host).String(), Domain: host, RequiresReview: review == nil}
	if review != nil {
		out.Trendable, out.ReviewedAt = &review.Allowed, &Time{review.At}
	}
	return out
}
