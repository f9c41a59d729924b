import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { watchIdle } from "./idle";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a window without use", () => {
  it("is locked after its time and not before", () => {
    const lock = vi.fn();
    const stop = watchIdle(60, lock);
    vi.advanceTimersByTime(59_000);
    expect(lock).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(lock).toHaveBeenCalledOnce();
    stop();
  });

  it("begins to wait anew with every key", () => {
    const lock = vi.fn();
    const stop = watchIdle(60, lock);
    vi.advanceTimersByTime(50_000);
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));
    vi.advanceTimersByTime(50_000);
    expect(lock).not.toHaveBeenCalled();
    stop();
  });

  it("is never locked when that was chosen", () => {
    const lock = vi.fn();
    watchIdle(0, lock);
    vi.advanceTimersByTime(10_000_000);
    expect(lock).not.toHaveBeenCalled();
  });
});
