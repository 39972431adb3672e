// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"net/http"
	"time"

	"github.com/udemy-iac/terraform-provider-udemy/internal/logging"
)

// maxLogged limits the text that is searched for the credential before the log gets its first maxText characters. The text of each
// page is, because Terraform gets all levels of the log and filters them.
const maxLogged = 4 << 10

// log logs an attempt. The query and the bodies can contain personal data, so only TRACE includes them. No level includes
// headers.
func (x *exchange) log(request *http.Request, response *http.Response, err error, took time.Duration) {
	fields := map[string]any{
		"request_id":  x.id,
		"method":      request.Method,
		"path":        x.client.secrets.redact(request.URL.EscapedPath()),
		"attempt":     x.attempts,
		"duration_ms": took.Milliseconds(),
	}
	if response != nil {
		fields["status"] = response.StatusCode
		if id := response.Header.Get("X-Request-Id"); id != "" {
			fields["server_request_id"] = Shorten(x.client.secrets.redact(id))
		}
	}
	if err != nil {
		fields["error"] = x.client.describe(err)
	}
	logging.Transport.Debug(request.Context(), "Udemy API request", fields)

	logging.Transport.Trace(request.Context(), "Udemy API request and response", map[string]any{
		"request_id": x.id,
		"attempt":    x.attempts,
		"query":      x.client.excerpt(func() []byte { return []byte(x.request.Query.Encode()) }),
		"sent":       x.client.excerpt(x.sent),
		"received":   x.client.excerpt(func() []byte { return x.body }),
	})
}

// sent returns the body of the request.
func (x *exchange) sent() []byte {
	if x.request.Body == nil {
		return nil
	}
	body, _ := encode(x.request.Body) // Sending the request has encoded it without an error.
	return body
}

// excerpt is a text whose beginning is redacted only if the log has it.
type excerpt func() string

// MarshalText is called by the logger.
func (e excerpt) MarshalText() ([]byte, error) { return []byte(e()), nil }

func (c *Client) excerpt(text func() []byte) excerpt {
	return func() string { return Shorten(c.secrets.excerpt(text(), maxLogged)) }
}
