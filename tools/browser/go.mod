// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// The tests of the simulator's page and the pictures of the README, which need a browser. It is a separate module, so that the
// provider does not depend on a browser driver. It starts the simulator as a program.
module github.com/udemy-iac/terraform-provider-udemy/tools/browser

go 1.26.0

toolchain go1.27.4

require (
	github.com/chromedp/cdproto v0.160.0
	github.com/chromedp/chromedp v0.23.0
	github.com/yuin/goldmark v1.8.7
)

require github.com/go-json-experiment/json v1.27.2 // indirect
