package clientapi

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// documented is what testdata/entities.json says about one attribute.
type documented struct {
	Name               string
	Nullable, Optional bool
}

// deviations are where Mastodon does otherwise than its list says, or we know more than the list.
var deviations = map[string]string{
	"Account.roles":            "sent for local accounts only (behaviours.md §1)",
	"CredentialAccount.roles":  "the same",
	"MutedAccount.roles":       "the same",
	"Status.text":              "sent in the answer to a deletion only (behaviours.md §4)",
	"CustomEmoji.category":     "absent if there is none (behaviours.md §7)",
	"MediaAttachment.text_url": "null for media of other servers",
	"Quote.quoted_status_id":   "one struct serves Quote and ShallowQuote",
	"PreviewCard.published_at": "null unless the page says so",
	"Application.website":      "always sent, null if need be",
}

func TestEntities_haveEveryDocumentedAttribute(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/entities.json")
	if err != nil {
		t.Fatalf("read the list of entities: %v", err)
	}
	var list map[string]struct {
		Extends    string
		Attributes []documented
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatalf("decode the list of entities: %v", err)
	}
	for name, value := range map[string]any{
		"Account": Account{}, "Account::Field": Field{}, "AccountRole": AccountRole{}, "CredentialAccount": CredentialAccount{},
		"Role": Role{}, "CustomEmoji": CustomEmoji{}, "FeatureApproval": Approval{}, "QuoteApproval": Approval{},
		"Status": Status{}, "Status::Mention": Mention{}, "Status::Tag": StatusTag{}, "StatusSource": StatusSource{},
		"Context": Context{}, "MediaAttachment": MediaAttachment{}, "Poll": Poll{}, "Poll::Option": PollOption{},
		"PreviewCard": PreviewCard{}, "PreviewCardAuthor": CardAuthor{}, "Quote": Quote{}, "FilterResult": FilterResult{}, "Filter": Filter{}, "FilterKeyword": FilterKeyword{}, "FilterStatus": FilterStatus{},
		"V1::Filter": FilterV1{}, "Marker": Marker{}, "ScheduledStatus": ScheduledStatus{}, "Profile": Profile{}, "FamiliarFollowers": FamiliarFollowers{}, "GroupedNotificationsResults": GroupedNotifications{}, "NotificationGroup": NotificationGroup{},
		"PartialAccountWithAvatar": PartialAccount{},
		"Relationship":             Relationship{}, "MutedAccount": MutedAccount{}, "List": List{}, "Conversation": Conversation{},
		"NotificationPolicy": NotificationPolicy{}, "NotificationRequest": NotificationRequest{}, "Notification": Notification{}, "Search": SearchResults{}, "Tag": Tag{},
		"Application": Application{}, "CredentialApplication": CredentialApplication{}, "Token": Token{}, "Error": Error{},
		"Preferences": Preferences{}, "Instance": Instance{}, "V1::Instance": InstanceV1{}, "InstanceIcon": InstanceIcon{},
		"Rule": Rule{}, "Report": Report{}, "DomainBlock": DomainBlock{}, "UnexpectedMentionsError": UnexpectedMentions{},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attributes := list[name].Attributes
			if base := list[name].Extends; base != "" {
				attributes = append(attributes, list[base].Attributes...)
			}
			if len(attributes) == 0 {
				t.Fatalf("%s is not in the list", name)
			}
			top := map[string]bool{}
			for _, a := range attributes {
				checkAttribute(t, name, reflect.TypeOf(value), a)
				word, _, _ := strings.Cut(a.Name, "[")
				top[word] = true
			}
			for key := range keys(reflect.TypeOf(value)) {
				if _, known := deviations[name+"."+key]; !top[key] && !known {
					t.Errorf("%s has %s, which is not in the list", name, key)
				}
			}
		})
	}
}

func checkAttribute(t *testing.T, entity string, in reflect.Type, a documented) {
	t.Helper()
	path := strings.FieldsFunc(a.Name, func(r rune) bool { return r == '[' || r == ']' })
	var field reflect.StructField
	for _, word := range path {
		for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice {
			in = in.Elem()
		}
		if in.Kind() == reflect.Map {
			return // open-ended
		}
		var ok bool
		if field, ok = keys(in)[word]; !ok {
			t.Errorf("%s lacks %s", entity, a.Name)
			return
		}
		in = field.Type
	}
	if _, known := deviations[entity+"."+a.Name]; known {
		return
	}
	omits := strings.Contains(field.Tag.Get("json"), "omitempty")
	pointer := field.Type.Kind() == reflect.Pointer
	switch {
	case omits && !a.Optional:
		t.Errorf("%s leaves %s out when empty; it is always sent", entity, a.Name)
	case pointer && !omits && !a.Nullable:
		t.Errorf("%s can have %s null; it is never null", entity, a.Name)
	}
}

// keys are the fields of a struct by their JSON names, those of embedded structs too.
func keys(in reflect.Type) map[string]reflect.StructField {
	out := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(in) {
		word, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.Anonymous && word != "" {
			out[word] = f
		}
	}
	return out
}
