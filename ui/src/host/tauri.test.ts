import { readFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it, vi } from "vitest";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke }));
vi.mock("@tauri-apps/api/event", () => ({ listen: async () => () => undefined }));
vi.mock("@tauri-apps/api/window", () => ({
  getCurrentWindow: () => ({ setTitle: async () => undefined }),
}));

const { tauriHost } = await import("./tauri");
const COMMANDS = join(import.meta.dirname, "../../../crates/app/src/api/commands.md");

beforeEach(() => {
  invoke.mockReset();
  invoke.mockResolvedValue(undefined);
});

describe("the host", () => {
  it("gives every command that the app lists, and no other", async () => {
    const text = readFileSync(COMMANDS, "utf8");
    const listed = new Set(
      [...text.matchAll(/`([a-z]+(?:_[a-z]+)+)(?:\(|` headers)/g)].map((m) => m[1]),
    );
    const own = readFileSync(join(import.meta.dirname, "tauri.ts"), "utf8");
    const given = new Set(
      [...own.matchAll(/(?:ask|send)(?:<[^>]*>)?\(\s*"([a-z_]+)"/g)].map((m) => m[1]),
    );
    // The practice provider's page is the shell's own matter, not the app's.
    expect([...given].filter((name) => name !== "review_open").sort()).toEqual([...listed].sort());
  });

  it("sends a file as it is, with its place in headers", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    await tauriHost.photoAdd("d1", "passport", "front", { bytes });
    expect(invoke).toHaveBeenCalledWith("photo_add", bytes, {
      headers: { draft: "d1", document: "passport", side: "front" },
    });
    await tauriHost.photoAdd("d1", "passport", "front", { bytes, page: 2 });
    expect(invoke).toHaveBeenLastCalledWith("photo_add", bytes, {
      headers: { draft: "d1", document: "passport", side: "front", page: "2" },
    });
  });

  it("sends a camera's frame with its width and height", async () => {
    const rgba = new Uint8ClampedArray(16);
    await tauriHost.photoAdd("d1", "passport", "front", { rgba, width: 2, height: 2 });
    const [, body, options] = invoke.mock.calls[0] as [
      string,
      Uint8Array,
      { headers: Record<string, string> },
    ];
    expect(body).toBeInstanceOf(Uint8Array);
    expect(body.byteLength).toBe(16);
    expect(options.headers).toMatchObject({ width: "2", height: "2" });
  });

  it("passes a refusal on with its code", async () => {
    invoke.mockRejectedValue({ code: "wrong_passphrase", path: null, detail: null });
    await expect(tauriHost.vaultUnlock({ passphrase: "x" })).rejects.toMatchObject({
      code: "wrong_passphrase",
    });
  });

  it("gives a code to whatever else goes wrong", async () => {
    invoke.mockRejectedValue("command not allowed");
    await expect(tauriHost.appState()).rejects.toEqual({
      code: "host_failed",
      path: null,
      detail: "command not allowed",
    });
  });
});
