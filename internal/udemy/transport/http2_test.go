// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// A connection that has gone silent, as after a change of network, is replaced before a request runs out of retries.
func TestDeadHTTP2Connection(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("the request uses %s: the test proves nothing", r.Proto)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	proxy := newSilentProxy(t, server.Listener.Addr().String())

	client := New(Config{
		BaseURL:        &url.URL{Scheme: "https", Host: proxy.Addr().String()},
		MaxRetries:     1,
		RequestTimeout: 3 * time.Second,
		Backoff:        func(int, *http.Response) time.Duration { return 0 },
	})
	pool, ok := client.http.(*http.Transport)
	if !ok {
		t.Fatalf("the round tripper is a %T", client.http)
	}
	authorities := x509.NewCertPool()
	authorities.AddCert(server.Certificate())
	pool.TLSClientConfig = &tls.Config{RootCAs: authorities}

	for range 2 {
		if _, err := client.Do(t.Context(), anyRequest); err != nil {
			t.Fatal(err)
		}
	}
	proxy.silence()
	if _, err := client.Do(t.Context(), anyRequest); err != nil {
		t.Error(err)
	}
	if n := proxy.connections.Load(); n != 2 {
		t.Errorf("%d connections, want one before and one after the silence", n)
	}
}

// silentProxy forwards connections to an address.
type silentProxy struct {
	net.Listener
	connections atomic.Int32
	// silent is the number of the last connection that is not forwarded any more. It stays open.
	silent atomic.Int32
}

func newSilentProxy(t *testing.T, address string) *silentProxy {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	p := &silentProxy{Listener: listener}
	go func() {
		for {
			client, err := p.Accept()
			if err != nil {
				return
			}
			server, err := new(net.Dialer).DialContext(context.Background(), "tcp", address)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _, _ = client.Close(), server.Close() })
			number := p.connections.Add(1)
			go p.forward(number, server, client)
			go p.forward(number, client, server)
		}
	}()
	return p
}

// silence stops forwarding all connections so far.
func (p *silentProxy) silence() { p.silent.Store(p.connections.Load()) }

func (p *silentProxy) forward(number int32, to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if number <= p.silent.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
