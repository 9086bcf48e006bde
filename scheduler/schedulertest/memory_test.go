package schedulertest_test

import (
	"testing"

	"suhbat/scheduler"
	"suhbat/scheduler/schedulertest"
)

func TestMemory(t *testing.T) {
	schedulertest.Deliveries(t, func(*testing.T) scheduler.Deliveries { return new(schedulertest.Memory) })
	schedulertest.Subscriptions(t, func(*testing.T) scheduler.Subscriptions { return new(schedulertest.Memory) })
}
