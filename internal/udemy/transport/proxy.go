// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// proxyResponse returns an error that names a proxy that refuses a tunnel. The error of net/http has only the text of the status.
func proxyResponse(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return fmt.Errorf("the proxy %s refused the connection with HTTP status %d", proxy.Host, response.StatusCode)
}
