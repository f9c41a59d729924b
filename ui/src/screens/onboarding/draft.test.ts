import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { AnswerRequest } from "../../generated/AnswerRequest";
import type { DraftView } from "../../generated/DraftView";
import { useHost, type Host } from "../../host";
import { fakeWorld } from "../../host/fake";
import { DraftSession, SAVE_AFTER_MS } from "./draft.svelte";

let host: Host;
let sent: AnswerRequest[][];

async function session(id = "draft-balogun"): Promise<DraftSession> {
  return new DraftSession(await host.draftShow(id));
}

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  const fake = fakeWorld("accounts").host;
  host = {
    ...fake,
    draftAnswer: async (id, answers) => {
      sent.push(answers);
      return fake.draftAnswer(id, answers);
    },
  };
  useHost(host);
});
afterEach(() => vi.useRealTimers());

describe("a draft", () => {
  it("is saved once the keys rest, with the last of what was typed", async () => {
    const draft = await session();
    draft.type("owner.name.last", "Balo");
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
    draft.type("owner.name.last", "Balogun-Smith");
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS - 1);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([[{ path: "owner.name.last", value: "Balogun-Smith" }]]);
    expect(draft.unsaved).toBe(false);
  });

  it("is saved at once when a question is left", async () => {
    const draft = await session();
    draft.type("owner.name.last", "B");
    draft.leave("owner.name.last");
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toHaveLength(1);
  });

  it("has done what was asked before what is asked next", async () => {
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((done) => (answer = done));
    const draft = await session();
    void draft.change(async (id) => {
      await slow;
      return host.draftConsent(id, true);
    });
    let next = false;
    void draft.save().then(() => (next = true));
    await vi.advanceTimersByTimeAsync(0);
    expect([next, draft.view.consent]).toEqual([false, null]);
    answer();
    await vi.advanceTimersByTimeAsync(0);
    expect([next, draft.view.consent !== null]).toEqual([true, true]);
  });

  it("keeps what is typed while a save is under way", async () => {
    let answer: (view: DraftView) => void = () => undefined;
    const slow = { ...host, draftAnswer: () => new Promise<DraftView>((done) => (answer = done)) };
    const draft = await session();
    useHost(slow);
    draft.type("owner.name.last", "Old");
    const saving = draft.save();
    await vi.advanceTimersByTimeAsync(0);
    draft.type("owner.name.last", "New");
    answer(await host.draftAnswer("draft-balogun", [{ path: "owner.name.last", value: "Old" }]));
    await saving;
    expect(draft.value("owner.name.last")).toBe("New");
    expect(draft.unsaved).toBe(true);
  });

  it("loses nothing when a save fails, and tries again", async () => {
    const draft = await session();
    let full = true;
    useHost({
      ...host,
      draftAnswer: (id, answers) =>
        full ? Promise.reject({ code: "disk_full" }) : host.draftAnswer(id, answers),
    });
    draft.type("owner.name.last", "Kept");
    await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
    expect(draft.error?.code).toBe("disk_full");
    expect(draft.value("owner.name.last")).toBe("Kept");
    full = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(draft.error).toBeNull();
    expect(draft.unsaved).toBe(false);
  });

  it("says nothing about a question before it was left", async () => {
    const draft = await session();
    draft.type("owner.date_of_birth", "");
    await draft.save();
    const fresh = await session();
    expect(fresh.findings("owner.date_of_birth")).toEqual([]);
    fresh.leave("owner.date_of_birth");
    expect(fresh.findings("owner.date_of_birth").map((f) => f.code)).toEqual(["required"]);
  });

  it("shows again what was wrong when it is reopened", async () => {
    const draft = await session();
    expect(draft.findings("owner.address.postal_code").map((f) => f.code)).toEqual([
      "postal_code_gb",
    ]);
  });

  it("keeps an unfinished date for the next time", async () => {
    const draft = await session();
    draft.type("owner.date_of_birth", "1986-03-");
    await draft.save();
    expect((await session()).value("owner.date_of_birth")).toBe("1986-03-");
  });

  it("keeps what was typed when kind and country change", async () => {
    const draft = await session();
    draft.type("owner.name.last", "Balogun-Smith");
    await draft.choose("individual", "US");
    expect(draft.view.who).toEqual({ kind: "individual", country: "US" });
    expect(draft.value("owner.name.last")).toBe("Balogun-Smith");
    expect(sent).toEqual([[{ path: "owner.name.last", value: "Balogun-Smith" }]]);
  });

  it("adds an owner and takes the right one out again", async () => {
    const draft = await session();
    expect(await draft.addOwner()).toBe(true);
    expect(await draft.addOwner()).toBe(true);
    draft.type("owners.1.name.first", "Folake");
    await draft.removeOwner(0);
    expect(draft.view.owners?.owners).toHaveLength(1);
    expect(draft.value("owners.0.name.first")).toBe("Folake");
  });
});
