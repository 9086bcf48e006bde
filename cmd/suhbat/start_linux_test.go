package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// BenchmarkColdStart runs the program as a user does, from its start to its answer:
// at most 50 ms and 30 MB. It reports the median, the time of all processors, and
// the most memory.
func BenchmarkColdStart(b *testing.B) {
	program := filepath.Join(b.TempDir(), "suhbat")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", program, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var walls []time.Duration
	var cpu time.Duration
	var memory int64 // in KB
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, "ask", "who chaired in 2022?")
		start := time.Now()
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		walls = append(walls, time.Since(start))
		cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			memory = max(memory, usage.Maxrss)
		}
	}
	slices.Sort(walls)
	b.ReportMetric(float64(walls[len(walls)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(cpu.Microseconds())/1000/float64(len(walls)), "cpu-ms/op")
	b.ReportMetric(float64(memory)/1024, "MB")
}
