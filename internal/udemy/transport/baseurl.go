// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"errors"
	"net"
	"net/url"
)

// ParseBaseURL parses the address of an API. Requests carry the credential, so the scheme must be https. Plain http is allowed
// only for loopback addresses, for the simulator.
func ParseBaseURL(address string) (*url.URL, error) {
	parsed, err := url.Parse(address)
	switch {
	case err != nil:
		// The error of url.Parse quotes the address, which can contain a password.
		return nil, errors.New("not a URL")
	case parsed.Scheme != "https" && parsed.Scheme != "http", parsed.Hostname() == "":
		return nil, errors.New("the URL must begin with https:// and a host name")
	case parsed.Scheme == "http" && !loopback(parsed.Hostname()):
		return nil, errors.New("plain http is allowed only for a loopback address; use https://")
	case parsed.User != nil, parsed.RawQuery != "", parsed.ForceQuery, parsed.Fragment != "":
		return nil, errors.New("the URL must not contain a user, a query or a fragment")
	}
	return parsed, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
