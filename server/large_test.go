package server_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A film is read from who may send one: everybody else is refused before hundreds of megabytes have come, and lie on the disk.
func TestLargeForms_areReadFromThoseWhoMay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	bearer := func(scopes string) string {
		secret, _, err := w.in.Services.SignIns.Token(t.Context(), alice.ID, 0, scopes)
		w.must(err)
		return "Authorization: Bearer " + secret + "\r\n"
	}
	cookie, err := w.in.Services.SignIns.Open(t.Context(), alice.ID)
	w.must(err)
	page := "Origin: https://alpha.test\r\nSec-Fetch-Site: same-origin\r\n"
	for _, tt := range []struct {
		name, path, header string
		status             int
	}{
		{"a stranger", "/api/v2/media", "", 401},
		{"a token that nobody has", "/api/v1/media", "Authorization: Bearer x\r\n", 401},
		{"a token for something else", "/api/v2/media", bearer("read"), 403},
		{"a token in the form", "/api/v1/accounts/update_credentials", "", 401},
		{"a page without a session", "/statuses", page, 401},
		{"another site's page", "/statuses", "Cookie: orrery_session=" + cookie + "\r\nOrigin: https://evil.test\r\n", 403},
	} {
		conn, err := w.wire.(*http.Transport).DialContext(t.Context(), "tcp", "alpha.test:443")
		w.must(err)
		method := http.MethodPost
		if strings.HasSuffix(tt.path, "credentials") {
			method = http.MethodPatch
		}
		go func() { // what is not read is not taken
			_, _ = fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: alpha.test\r\n%sContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"access_token\"\r\n\r\nx\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\n",
				method, tt.path, tt.header, 90<<20)
			_, _ = io.CopyN(conn, zeros{}, 2<<20) // and nothing more comes
		}()
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if res.StatusCode != tt.status {
			t.Errorf("%s is answered %d, want %d", tt.name, res.StatusCode, tt.status)
		}
		conn.Close()
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
