package clientapi

import (
	"strconv"
	"time"

	"orrery/social"
)

// AdminMeasure is something that is counted by the day. Numbers are strings.
type AdminMeasure struct {
	Key           string           `json:"key"`
	Unit          *string          `json:"unit"`
	Total         string           `json:"total"`
	HumanValue    string           `json:"human_value,omitempty"`
	PreviousTotal string           `json:"previous_total,omitempty"`
	Data          []AdminDataPoint `json:"data"`
}

// AdminDataPoint is the count of one day.
type AdminDataPoint struct {
	Date  Time   `json:"date"`
	Value string `json:"value"`
}

// AdminDimension is how something is shared out.
type AdminDimension struct {
	Key  string       `json:"key"`
	Data []AdminShare `json:"data"`
}

// AdminShare is one of those who share.
type AdminShare struct {
	Key        string `json:"key"`
	HumanKey   string `json:"human_key"`
	Value      string `json:"value"`
	Unit       string `json:"unit,omitempty"`
	HumanValue string `json:"human_value,omitempty"`
}

// AdminCohort is how many of those who joined in one period were still there in later ones.
type AdminCohort struct {
	Period    Time              `json:"period"`
	Frequency string            `json:"frequency"`
	Data      []AdminCohortData `json:"data"`
}

// AdminCohortData is one of the periods.
type AdminCohortData struct {
	Date  Time    `json:"date"`
	Rate  float64 `json:"rate"` // of those who joined
	Value string  `json:"value"`
}

// FromMeasure renders a measure with a value for each day from from to to. previous is nil where nothing is compared with.
func FromMeasure(key string, days []social.DayCount, total int64, previous *int64, bytes bool, from, to time.Time) AdminMeasure {
	out := AdminMeasure{Key: key, Total: strconv.FormatInt(total, 10), Data: []AdminDataPoint{}}
	if bytes {
		unit := "bytes"
		out.Unit, out.HumanValue = &unit, humanBytes(total)
	}
	if previous != nil {
		out.PreviousTotal = strconv.FormatInt(*previous, 10)
	}
	counted := map[int64]int64{}
	for _, d := range days {
		counted[d.Day.Unix()] = d.Count
	}
	for day := from; !day.After(to); day = day.AddDate(0, 0, 1) {
		out.Data = append(out.Data, AdminDataPoint{Date: Time{day}, Value: strconv.FormatInt(counted[day.Unix()], 10)})
	}
	return out
}

// FromShares renders a dimension; human names what has a key.
func FromShares(key string, shares []social.Share, bytes bool, human func(string) string) AdminDimension {
	return AdminDimension{Key: key, Data: each(shares, func(s social.Share) AdminShare {
		out := AdminShare{Key: s.Key, HumanKey: human(s.Key), Value: strconv.FormatInt(s.Count, 10)}
		if bytes {
			out.Unit, out.HumanValue = "bytes", humanBytes(s.Count)
		}
		return out
	})}
}

// humanBytes is a size in the largest unit of which there is one.
func humanBytes(n int64) string {
	units, at, size := []string{"Bytes", "KB", "MB", "GB", "TB"}, 0, float64(n)
	for size >= 1024 && at < len(units)-1 {
		size, at = size/1024, at+1
	}
	return strconv.FormatFloat(size, 'f', min(at, 1), 64) + " " + units[at]
}

// FromCohorts renders who stayed: one cohort for each of periods, which follow each other.
func FromCohorts(cohorts []social.Cohort, periods []time.Time, frequency string) []AdminCohort {
	within := func(day time.Time) int { // the last period that began by day
		at := 0
		for at+1 < len(periods) && !day.Before(periods[at+1]) {
			at++
		}
		return at
	}
	stayed := make([][]int64, len(periods)) // by the period of joining and by the last one in which they were seen
	for i := range stayed {
		stayed[i] = make([]int64, len(periods))
	}
	for _, c := range cohorts {
		stayed[within(c.Joined)][within(c.Seen)] += c.People
	}
	out := make([]AdminCohort, len(periods))
	for i, joined := range periods {
		out[i] = AdminCohort{Period: Time{joined}, Frequency: frequency, Data: []AdminCohortData{}}
		var all int64
		for _, n := range stayed[i] {
			all += n
		}
		left := all
		for j := i; j < len(periods); j++ {
			data := AdminCohortData{Date: Time{periods[j]}, Value: strconv.FormatInt(left, 10)}
			if all > 0 {
				data.Rate = float64(left) / float64(all)
			}
			out[i].Data = append(out[i].Data, data)
			left -= stayed[i][j]
		}
	}
	return out
}

// DomainBlockPreview is what somebody would lose by blocking a server.
type DomainBlockPreview struct {
	FollowingCount int64 `json:"following_count"`
	FollowersCount int64 `json:"followers_count"`
}
