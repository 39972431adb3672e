// Copyright (c) terraform-provider-udemy contributors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// memoryInterval is how often the memory is read. Linux keeps the peak until a process ends.
const memoryInterval = 50 * time.Millisecond

// watchMemory reads the peak memory of the provider's processes until the returned function is called, which returns it in MiB. It is 0
// without Linux's /proc.
func (i *installation) watchMemory() (stop func() float64) {
	ended := make(chan struct{})
	var peak float64
	var wait sync.WaitGroup
	wait.Go(func() {
		ticker := time.NewTicker(memoryInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				peak = max(peak, i.memory())
			case <-ended:
				return
			}
		}
	})
	return func() float64 {
		close(ended)
		wait.Wait()
		return peak
	}
}

// memory returns the highest peak of the provider's running processes.
func (i *installation) memory() float64 {
	programs, _ := filepath.Glob("/proc/[0-9]*/exe") // The pattern is valid.
	var peak float64
	for _, program := range programs {
		target, err := os.Readlink(program)
		if err != nil || !strings.HasPrefix(target, i.dir) || !strings.HasPrefix(filepath.Base(target), "terraform-provider-udemy") {
			continue
		}
		status, err := os.ReadFile(filepath.Join(filepath.Dir(program), "status"))
		if err != nil {
			continue // The process has ended.
		}
		_, value, _ := bytes.Cut(status, []byte("VmHWM:"))
		var kib float64
		if _, err := fmt.Sscan(string(value), &kib); err == nil {
			peak = max(peak, kib/1024)
		}
	}
	return peak
}
