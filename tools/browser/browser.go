// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

// Package browser starts Chromium and the simulator.
package browser

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Find returns the Chromium on PATH, or the one that the environment variable CHROMIUM names.
func Find() (string, error) {
	if named := os.Getenv("CHROMIUM"); named != "" {
		return exec.LookPath(named)
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium on PATH; install it, for example with apt-get install chromium, or set CHROMIUM")
}

// Start starts a browser with one tab. More tabs are contexts below the returned one.
func Start(ctx context.Context, path string) (context.Context, context.CancelFunc, error) {
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.Flag("force-color-profile", "srgb")}
	// Chromium has no sandbox for root, for example in a container, and on machines of CI that restrict namespaces. It shows only our
	// own pages.
	if os.Geteuid() == 0 || os.Getenv("CI") != "" {
		options = append(options, chromedp.NoSandbox)
	}
	tab, stop := chromedp.NewContext(ctx, chromedp.WithAllocatorOptions(options...))
	if err := chromedp.Do(tab); err != nil {
		stop()
		return nil, nil, fmt.Errorf("starting %s: %w", path, err)
	}
	return tab, stop, nil
}

// Window sets the size of the window of a tab, and its color scheme: light or dark.
func Window(tab context.Context, width, height int64, scheme string) error {
	_, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		return err
	}
	return chromedp.Do(tab, chromedp.EmulateViewport(width, height))
}

// Simulate starts a simulator on a free port and returns the address of its page. It ends with ctx.
func Simulate(ctx context.Context, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, append([]string{"-listen", "127.0.0.1:0"}, arguments...)...)
	output, err := command.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := command.Start(); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return "", errors.Join(fmt.Errorf("%s printed no endpoint: %w", program, err), command.Wait())
	}
	go func() { _ = command.Wait() }() // Its context ends it.
	return strings.TrimSuffix(strings.TrimSpace(line), "/api-2.0") + "/", nil
}
