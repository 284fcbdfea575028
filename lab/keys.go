package lab

import (
	_ "embed"
	"encoding/pem"
	"sync"
)

// keysPEM is a pool of RSA-2048 keys for labs of memory: with them a run of the same seed gives the same log, and set-up
// takes no time. They are public, so nothing that is reachable from outside may use them.
//
//go:embed keys.pem
var keysPEM []byte

// FixedKeys hands out the keys of the pool, one after another; "" when it is used up, and then a key is made.
func FixedKeys() func(name string) string {
	rest := keysPEM
	var mu sync.Mutex
	return func(string) string {
		mu.Lock()
		defer mu.Unlock()
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return ""
		}
		return string(pem.EncodeToMemory(block))
	}
}
