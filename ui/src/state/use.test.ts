import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { watchUse } from "./use";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const press = () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));

describe("a window in use", () => {
  it("says so at once and then every few seconds", () => {
    const note = vi.fn();
    const stop = watchUse(note);
    press();
    press();
    expect(note).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(4_999);
    press();
    expect(note).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1);
    press();
    expect(note).toHaveBeenCalledTimes(2);
    stop();
  });

  it("says nothing while nobody touches it", () => {
    const note = vi.fn();
    const stop = watchUse(note);
    vi.advanceTimersByTime(600_000);
    expect(note).not.toHaveBeenCalled();
    stop();
  });

  it("is not silenced by a clock that was set back", () => {
    const note = vi.fn();
    const stop = watchUse(note);
    press();
    vi.setSystemTime(Date.now() - 3_600_000);
    press();
    expect(note).toHaveBeenCalledTimes(2);
    stop();
  });
});
