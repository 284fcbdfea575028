package storage

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Small lists that are only ever read and written with their row stand in it as JSON, "" when there is nothing.

// toJSON is the stored form of v.
func toJSON(v any) string {
	if r := reflect.ValueOf(v); r.IsZero() || r.Kind() == reflect.Slice && r.Len() == 0 {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("a %T cannot be written as JSON: %v", v, err)) // plain values of social always can
	}
	return string(b)
}

// asJSON scans a stored form into v.
func asJSON(v any) *jsonValue { return &jsonValue{v} }

type jsonValue struct{ v any }

// Scan implements sql.Scanner.
func (j *jsonValue) Scan(src any) error {
	var b []byte
	switch src := src.(type) {
	case string:
		b = []byte(src)
	case []byte:
		b = src
	default:
		return fmt.Errorf("read JSON of a %T", src)
	}
	if len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, j.v)
}
