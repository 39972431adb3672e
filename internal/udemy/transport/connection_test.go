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

	"github.com/udemy-iac/terraform-provider-udemy/internal/udemy/transport"
)

// secure is a server whose certificate is for example.com and for this machine, signed by an authority of its own.
func secure(t *testing.T, config *tls.Config) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(answer(200, `"hello"`))
	server.TLS = config
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// authority is a file with the authority of such a server.
func authority(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "authority.pem")
	content := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestMain lets the tests here start another process, because Go reads the variables that they are about only once.
func TestMain(m *testing.M) {
	address := os.Getenv("ASK")
	if address == "" {
		os.Exit(m.Run())
	}
	base, err := transport.ParseBaseURL(address)
	if err != nil {
		log.Fatal(err)
	}
	response, err := transport.New(transport.Config{BaseURL: base, RequestTimeout: 10 * time.Second}).Do(context.Background(), get)
	if err != nil {
		fmt.Println("the error is", err)
		return
	}
	fmt.Printf("the answer is %s\n", response.Body)
}

// elsewhere asks an address in a process of its own, and returns what that says.
func elsewhere(t *testing.T, address string, env ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), append(env, "ASK="+address)...)
	output, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(output)
}

func needsFileOfAuthorities(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		t.Skipf("Go reads SSL_CERT_FILE on other systems than %s, which keeps its authorities itself", runtime.GOOS)
	}
}

func TestTLSVersions(t *testing.T) {
	t.Parallel()
	needsFileOfAuthorities(t)
	for name, test := range map[string]struct {
		most uint16
		want string
	}{
		"1.1": {tls.VersionTLS11, "protocol version"},
		"1.2": {tls.VersionTLS12, `the answer is "hello"`},
		"1.3": {tls.VersionTLS13, `the answer is "hello"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := secure(t, &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: test.most})
			if said := elsewhere(t, server.URL, "SSL_CERT_FILE="+authority(t, server)); !strings.Contains(said, test.want) {
				t.Errorf("%s\nwant %s", said, test.want)
			}
		})
	}
	t.Run("another authority", func(t *testing.T) {
		t.Parallel()
		server := secure(t, nil)
		empty := filepath.Join(t.TempDir(), "none.pem")
		if err := os.WriteFile(empty, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if said := elsewhere(t, server.URL, "SSL_CERT_FILE="+empty); !strings.Contains(said, "unknown authority") {
			t.Errorf("%s", said)
		}
	})
}

// A proxy from the environment is used, except for hosts that the environment names.
func TestProxy(t *testing.T) {
	t.Parallel()
	needsFileOfAuthorities(t)
	server := secure(t, nil)
	asked := make(chan string, 10)
	proxy := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- fmt.Sprintf("%s %s %s", r.Method, r.Host, r.Header.Get("Authorization"))
		tunnel(r.Context(), w, server.Listener.Addr().String())
	})
	env := []string{"HTTPS_PROXY=" + proxy, "NO_PROXY=.invalid", "SSL_CERT_FILE=" + authority(t, server)}

	if said := elsewhere(t, "https://example.com/api", env...); !strings.Contains(said, `the answer is "hello"`) {
		t.Error(said)
	}
	if got, want := <-asked, "CONNECT example.com:443 "; got != want {
		t.Errorf("the proxy was asked %q, want %q", got, want)
	}
	// No name below .invalid is ever found (RFC 6761 section 6.4).
	if said := elsewhere(t, "https://udemy.invalid/api", env...); !strings.Contains(said, "the error is") {
		t.Error(said)
	}
	if len(asked) > 0 {
		t.Errorf("the proxy was asked %q, which it isn't for", <-asked)
	}
}

// tunnel connects a client of a proxy to an address.
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
