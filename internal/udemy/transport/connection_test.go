// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport_test

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy"
	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// secure starts a TLS server. Its self-signed certificate is valid for example.com and the loopback address.
func secure(t *testing.T, config *tls.Config) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(answer(200, `"hello"`))
	server.TLS = config
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// authority writes the server's certificate to a file for SSL_CERT_FILE and returns the path.
func authority(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "authority.pem")
	content := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMain also runs as a client process for the tests of this file, because Go reads proxy and certificate variables only
// once per process.
func TestMain(m *testing.M) {
	address := os.Getenv("GET_URL")
	if address == "" {
		os.Exit(m.Run())
	}
	base, err := transport.ParseBaseURL(address)
	if err != nil {
		log.Fatal(err)
	}
	response, err := transport.New(transport.Config{BaseURL: base, RequestTimeout: 10 * time.Second}).Do(context.Background(), get)
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	fmt.Printf("response: %s\n", response.Body)
}

// getInProcess sends a request in a new process and returns the output of the process.
func getInProcess(t *testing.T, address string, env ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), append(env, "GET_URL="+address)...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(output)
}

func needsCertFile(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skipf("Go ignores SSL_CERT_FILE on %s; the test runs on Linux", runtime.GOOS)
	}
}

func TestTLSVersions(t *testing.T) {
	t.Parallel()
	needsCertFile(t)
	for name, test := range map[string]struct {
		max  uint16
		want string
	}{
		"1.1": {tls.VersionTLS11, "protocol version"},
		"1.2": {tls.VersionTLS12, `response: "hello"`},
		"1.3": {tls.VersionTLS13, `response: "hello"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := secure(t, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: test.max})
			if output := getInProcess(t, server.URL, "SSL_CERT_FILE="+authority(t, server)); !strings.Contains(output, test.want) {
				t.Errorf("%s\nwant %s", output, test.want)
			}
		})
	}
	t.Run("unknown authority", func(t *testing.T) {
		t.Parallel()
		server := secure(t, nil)
		empty := filepath.Join(t.TempDir(), "none.pem")
		if err := os.WriteFile(empty, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if output := getInProcess(t, server.URL, "SSL_CERT_FILE="+empty); !strings.Contains(output, "unknown authority") {
			t.Errorf("%s", output)
		}
	})
}

// The client uses the proxy from HTTPS_PROXY, except for hosts in NO_PROXY.
func TestProxy(t *testing.T) {
	t.Parallel()
	needsCertFile(t)
	server := secure(t, nil)
	received := make(chan string, 10)
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		received <- fmt.Sprintf("%s %s %s", r.Method, r.Host, r.Header.Get("Authorization"))
		tunnel(r.Context(), w, server.Listener.Addr().String())
	})
	env := []string{"HTTPS_PROXY=" + proxy, "NO_PROXY=.invalid", "SSL_CERT_FILE=" + authority(t, server)}

	if output := getInProcess(t, "https://example.com/api", env...); !strings.Contains(output, `response: "hello"`) {
		t.Error(output)
	}
	if got, want := <-received, "CONNECT example.com:443 "; got != want {
		t.Errorf("the proxy received %q, want %q", got, want)
	}
	// Names below .invalid never resolve (RFC 6761 section 6.4).
	if output := getInProcess(t, "https://udemy.invalid/api", env...); !strings.Contains(output, "error:") {
		t.Error(output)
	}
	if len(received) > 0 {
		t.Errorf("the proxy received %q for a host in NO_PROXY", <-received)
	}
}

// Without a connection, nothing is sent, and the error contains the host, the reason and the base URL, but without a password.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	needsCertFile(t)
	server := secure(t, nil)
	proxy := serve(t, status(http.StatusProxyAuthRequired))
	for name, test := range map[string]struct {
		address string
		env     []string
		reason  string
	}{
		"DNS":              {"https://udemy.invalid/scim/v2", nil, "lookup udemy.invalid"},
		"closed port":      {"https://127.0.0.1:1/scim/v2", nil, "connection refused"},
		"TLS":              {server.URL + "/scim/v2", nil, "x509"},
		"no proxy":         {"https://acme.udemy.com/scim/v2", []string{"HTTPS_PROXY=http://user:pass@127.0.0.1:1"}, "proxyconnect"},
		"proxy refuses":    {"https://acme.udemy.com/scim/v2", []string{"HTTPS_PROXY=" + proxy}, strings.TrimPrefix(proxy, "http://") + " refused the connection with HTTP status 407"},
		"loopback, no TLS": {"http://127.0.0.1:1/scim/v2", nil, "connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			output := getInProcess(t, test.address, test.env...)
			host, _, _ := strings.Cut(strings.SplitN(test.address, "://", 2)[1], "/")
			for _, want := range []string{
				"GET /users/: " + udemy.ErrUnreachable.Error() + ": could not reach " + host + " (", test.reason, "): nothing was sent; the base URL is " + test.address + "\n",
			} {
				if !strings.Contains(output, want) {
					t.Errorf("%s\nwant %s", output, want)
				}
			}
			if strings.Contains(output, "pass") {
				t.Errorf("the error contains the password of the proxy: %s", output)
			}
		})
	}
}

// tunnel connects the client of a proxy to an address.
func tunnel(ctx context.Context, w http.ResponseWriter, address string) {
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	defer client.Close()
	server, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() { _, _ = io.Copy(server, client) }()
	_, _ = io.Copy(client, server)
}
