// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"errors"
	"net"
	"net/url"
)

// ParseBaseURL reads the address of an API. The credential goes there, so it has to be https; plain http
// is for this very machine, where the simulator runs.
func ParseBaseURL(address string) (*url.URL, error) {
	parsed, err := url.Parse(address)
	switch {
	case err != nil:
		// The error of url.Parse quotes the address, which may hold a password.
		return nil, errors.New("not a URL")
	case parsed.Scheme != "https" && parsed.Scheme != "http", parsed.Hostname() == "":
		return nil, errors.New("not a URL that begins with https:// and a host name")
	case parsed.Scheme == "http" && !loopback(parsed.Hostname()):
		return nil, errors.New("plain http is for this machine only; use https://")
	case parsed.User != nil, parsed.RawQuery != "", parsed.ForceQuery, parsed.Fragment != "":
		return nil, errors.New("a base URL holds no user, no query and no fragment")
	}
	return parsed, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
