import { afterEach, describe, expect, it, vi } from "vitest";

import { pointerAtRest } from "./pointer";

afterEach(() => {
  window.dispatchEvent(new Event("pointerup"));
  vi.useRealTimers();
});

describe("what a press would move", () => {
  it("comes at once while nothing is pressed", async () => {
    await expect(pointerAtRest()).resolves.toBeUndefined();
  });

  it("waits until the click that follows the release was heard", async () => {
    const order: string[] = [];
    window.dispatchEvent(new Event("pointerdown"));
    const rest = pointerAtRest().then(() => order.push("moved"));
    await Promise.resolve();
    order.push("pressed");
    window.dispatchEvent(new Event("pointerup"));
    order.push("clicked");
    await rest;
    expect(order).toEqual(["pressed", "clicked", "moved"]);
  });

  it("does not wait for ever for a release outside the window", async () => {
    vi.useFakeTimers();
    window.dispatchEvent(new Event("pointerdown"));
    const rest = pointerAtRest();
    await vi.advanceTimersByTimeAsync(1100);
    await expect(rest).resolves.toBeUndefined();
  });
});
