import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { allowSingleKeys, handleKey, matches, printed, takeKeys } from "./keys";

const press = (key: string, more: KeyboardEventInit = {}) =>
  new KeyboardEvent("keydown", { key, cancelable: true, ...more });

function pressIn(target: HTMLElement, key: string): KeyboardEvent {
  const event = press(key);
  document.body.append(target);
  Object.defineProperty(event, "target", { value: target });
  handleKey(event);
  target.remove();
  return event;
}

const releases: (() => void)[] = [];
const take: typeof takeKeys = (...given) => {
  const release = takeKeys(...given);
  releases.push(release);
  return release;
};
beforeEach(() => allowSingleKeys(true));
afterEach(() => releases.splice(0).forEach((release) => release()));

describe("shortcuts", () => {
  it("match their own modifiers alone", () => {
    expect(matches(press("n", { ctrlKey: true }), "Ctrl+N")).toBe(true);
    expect(matches(press("n"), "Ctrl+N")).toBe(false);
    expect(matches(press(",", { ctrlKey: true }), "Ctrl+Comma")).toBe(true);
    expect(matches(press("F6", { shiftKey: true }), "F6")).toBe(false);
    expect(matches(press("F6", { shiftKey: true }), "Shift+F6")).toBe(true);
  });

  it("go to the innermost screen first", () => {
    const [outer, inner] = [vi.fn(), vi.fn()];
    take([{ keys: "Escape", run: outer }]);
    take([{ keys: "Escape", run: inner }]);
    handleKey(press("Escape"));
    expect(inner).toHaveBeenCalledOnce();
    expect(outer).not.toHaveBeenCalled();
  });

  it("do not reach what lies under a dialog", () => {
    const under = vi.fn();
    take([{ keys: "Ctrl+N", run: under }]);
    take([], true);
    handleKey(press("n", { ctrlKey: true }));
    expect(under).not.toHaveBeenCalled();
  });

  it("of a single letter work only outside fields", () => {
    const retake = vi.fn();
    take([{ keys: "r", run: retake }]);
    pressIn(document.createElement("input"), "r");
    expect(retake).not.toHaveBeenCalled();
    expect(pressIn(document.createElement("div"), "r").defaultPrevented).toBe(true);
    expect(retake).toHaveBeenCalledOnce();
  });

  it("of a single letter can be turned off", () => {
    const retake = vi.fn();
    take([{ keys: "r", run: retake }]);
    allowSingleKeys(false);
    pressIn(document.createElement("div"), "r");
    expect(retake).not.toHaveBeenCalled();
  });
});

describe("keys with a sign", () => {
  it("are taken with and without Shift where the keyboard needs it", () => {
    const plus = (key: string, shiftKey: boolean) =>
      new KeyboardEvent("keydown", { key, ctrlKey: true, shiftKey });
    expect(matches(plus("+", true), "Ctrl+Plus")).toBe(true);
    expect(matches(plus("=", false), "Ctrl+Plus")).toBe(true);
    expect(matches(plus("-", false), "Ctrl+Minus")).toBe(true);
    expect(matches(plus("+", true), "Ctrl+Minus")).toBe(false);
    expect(printed("Ctrl+Plus")).toBe("Ctrl +");
    expect(printed("Ctrl+Minus")).toBe("Ctrl −");
  });
});
