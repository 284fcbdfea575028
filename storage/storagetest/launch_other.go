//go:build !unix

package storagetest

import "errors"

func launch(string, string) (<-chan struct{}, error) {
	return nil, errors.New("tests start PostgreSQL on Unix only")
}
