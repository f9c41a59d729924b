import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import App from "../../App.svelte";
import type { OutboxItemView } from "../../generated/OutboxItemView";
import type { OutboxView } from "../../generated/OutboxView";
import { useHost, type Host } from "../../host";
import { fakeWorld } from "../../host/fake";
import { NOW, today } from "../../host/fake/moments";
import type { World } from "../../host/fake/world";
import { useClock } from "../../state/clock.svelte";
import { router } from "../../state/router.svelte";
import { session } from "../../state/session.svelte";
import { WHYS, type Why } from "../../text/codes";

let world: World;
let host: Host;
const user = userEvent.setup();
const byId = (id: string) => screen.findByTestId(id);

beforeEach(() => useClock(() => NOW));
afterEach(() => router.reset());

async function open(change: Partial<OutboxView> = {}, training = false): Promise<void> {
  ({ host, world } = fakeWorld(training ? "training" : "accounts"));
  world.outbox = { ...world.outbox, groups: [], set_aside: [], ...change };
  useHost(host);
  router.reset();
  render(App);
  await waitFor(() => expect(session.app).toBe(world.app));
  router.go({ name: "outbox" });
}

const item = (more: Partial<OutboxItemView>): OutboxItemView => ({
  submission: "submission-cabot",
  account: "cabot",
  name: "Cabot Cycles",
  provider_name: "WePay",
  what: "details",
  document: null,
  photo_number: null,
  photo_count: null,
  bytes: 4000,
  why: "turn",
  refusal: null,
  next_ms: null,
  next_kind: "now",
  who: "satchel",
  deadline: null,
  deadline_ms: null,
  progress: null,
  actions: [],
  ...more,
});

interface Case {
  given: Partial<OutboxItemView>;
  why: string;
  next: string;
  who: string;
}

/** Every waiting state as the app tells it, and what a person reads. */
const CASES: Record<Why, Case> = {
  turn: {
    given: { next_kind: "tries_at" },
    why: "Goes when its turn comes",
    next: "In this run",
    who: "Satchel",
  },
  sending: { given: {}, why: "Sending, 4\u202fKB", next: "Now", who: "Satchel" },
  no_network: {
    given: { who: "network", next_kind: "tries_at", next_ms: today(14, 32) },
    why: "No network",
    next: "14:32",
    who: "Network",
  },
  intercepted: {
    given: { who: "you", next_kind: "tries_at", next_ms: today(14, 32) },
    why: "The network wants a sign-in. Nothing was sent to whoever answered for WePay.",
    next: "14:32",
    who: "You",
  },
  clock: {
    given: { who: "you", next_kind: "tries_at", next_ms: today(14, 32) },
    why: "WePay’s certificate is not valid at this device’s time. Check the clock.",
    next: "14:32",
    who: "You",
  },
  throttled: {
    given: { who: "provider", next_kind: "tries_at", next_ms: today(14, 27) },
    why: "WePay asked to wait",
    next: "14:27",
    who: "WePay",
  },
  server_trouble: {
    given: { who: "provider", next_kind: "tries_at", next_ms: today(14, 27) },
    why: "WePay has trouble",
    next: "14:27",
    who: "WePay",
  },
  answer_lost: {
    given: { next_kind: "not_before", next_ms: today(14, 28) },
    why: "The answer got lost. Asking WePay what it received, so that nothing is sent twice.",
    next: "14:28not before · 2\u202fmin",
    who: "Satchel",
  },
  fence: {
    given: { next_kind: "not_before", next_ms: today(15, 0) },
    why: "An unused draft at WePay must expire first, so that nothing is sent twice.",
    next: "15:00not before · 34\u202fmin",
    who: "Satchel",
  },
  photos_not_asked_for: {
    given: { who: "provider", next_kind: "asks_at", next_ms: today(14, 45) },
    why: "WePay takes photos only once it asks for them",
    next: "14:45asks again",
    who: "WePay",
  },
  in_review: {
    given: { who: "provider", next_kind: "asks_at", next_ms: today(14, 45) },
    why: "In review at WePay",
    next: "14:45asks again",
    who: "WePay",
  },
  credentials: {
    given: { who: "administrator", next_kind: "with_new_key" },
    why: "WePay does not accept this device’s key. The account is fine.",
    next: "With a new key",
    who: "Administrator",
  },
  paused: {
    given: { who: "you", next_kind: "when_resumed" },
    why: "Paused by hand",
    next: "When resumed",
    who: "You",
  },
  photos_held: {
    given: { who: "you", next_kind: "when_released" },
    why: "Photos are held on this network",
    next: "When let go",
    who: "You",
  },
  person: {
    given: { who: "you", next_kind: "after_change" },
    why: "Waits for you",
    next: "After a change",
    who: "You",
  },
  set_aside: {
    given: { who: "you", next_kind: "after_change" },
    why: "WePay refused it three times",
    next: "After a change",
    who: "You",
  },
  finished: { given: {}, why: "Nothing more is to be done", next: "Now", who: "Satchel" },
};

describe("each waiting state", () => {
  it.each(WHYS)("%s says why, when and who", async (why) => {
    const { given, ...said } = CASES[why];
    await open({ items: [item({ why, ...given })] });
    const row = await byId("outbox-item");
    const cells = ["why-cell", "next-cell", "who-cell"].map((name) =>
      row.querySelector(`.${name}`)?.textContent?.trim(),
    );
    expect(cells).toEqual([said.why, said.next, said.who]);
  });
});

describe("what is begun at the provider", () => {
  const cut = { why: "no_network", who: "network", next_kind: "tries_at" } as const;

  it("says until when it lasts and what happens after", async () => {
    const draft = item({ ...cut, deadline: "authorize", deadline_ms: today(14, 38) });
    const files = item({ ...cut, deadline: "attach", deadline_ms: today(14, 31) });
    await open({ items: [draft, { ...files, submission: "other" }] });
    const told = await screen.findAllByTestId("outbox-deadline");
    expect(told.map((line) => line.textContent)).toEqual([
      "WePay keeps the details as a draft until 14:38, 12\u202fmin left. After that Satchel waits and sends them anew.",
      "WePay keeps the photos that it has until 14:31, 5\u202fmin left. After that they are sent again.",
    ]);
  });

  it("is no news while it goes on, unless little time is left", async () => {
    const sending = { why: "sending", deadline: "attach" } as const;
    await open({
      items: [
        item({ ...sending, submission: "1", deadline_ms: today(14, 50) }),
        item({ ...sending, submission: "2", deadline_ms: today(14, 29) }),
        item({ ...cut, submission: "3", deadline: "attach", deadline_ms: today(14, 20) }),
        item({
          why: "answer_lost",
          submission: "4",
          deadline: "authorize",
          deadline_ms: today(14, 50),
        }),
      ],
    });
    expect(await screen.findAllByTestId("outbox-item")).toHaveLength(4);
    expect(screen.getByTestId("outbox-deadline")).toHaveTextContent("until 14:29, 3 min left");
  });
});

describe("what a person can do", () => {
  it("is to hold photos and to let them go", async () => {
    const held = { why: "photos_held", who: "you", next_kind: "when_released" } as const;
    await open({ items: [item({ ...held, actions: ["let_photos_go"] })] });
    await user.click(await byId("outbox-hold"));
    await waitFor(() => expect(world.outbox.hold_photos).toBe(true));
    await user.click(await byId("outbox-action-let-photos-go"));
    await waitFor(() => expect(world.outbox.hold_photos).toBe(false));
  });

  it("is to resume what was paused, beside the item as well", async () => {
    const paused = { why: "paused", who: "you", next_kind: "when_resumed" } as const;
    await open({ paused: true, items: [item({ ...paused, actions: ["resume", "withdraw"] })] });
    expect(await screen.findByText(/Nothing goes out until you resume it/)).toBeVisible();
    await user.click(await byId("outbox-more"));
    await user.click(await byId("outbox-action-resume"));
    await waitFor(() => expect(world.outbox.paused).toBe(false));
  });

  it("is to try now after a sign-in", async () => {
    const group = {
      connection: "connection-wepay",
      name: "WePay",
      why: "intercepted",
      since_ms: today(14, 2),
      accounts: 1,
      bytes: 4000,
      items: [item({ ...CASES.intercepted.given, why: "intercepted" })],
    };
    await open({ items: [], groups: [group] });
    const lane = await byId("outbox-group");
    expect(lane).toHaveTextContent("Something else has answered instead of WePay since 14:02.");
    expect(lane).toHaveTextContent("You");
    await user.click(await byId("outbox-try-now"));
    await waitFor(() => expect(world.calls).toContain("outboxSendNow null"));
  });
});

describe("a copy of what was set aside", () => {
  const aside = item({ why: "set_aside", who: "you", actions: ["fix", "release", "export"] });

  it("says what it means before it is made, with the safe answer in focus", async () => {
    await open({ set_aside: [aside] });
    await user.click(await byId("outbox-action-export"));
    const dialog = await byId("copy-dialog");
    expect(dialog).toHaveTextContent("Take a copy of Cabot Cycles out of Satchel?");
    expect(dialog).toHaveTextContent("The copy is not encrypted.");
    await waitFor(() => expect(screen.getByTestId("copy-keep")).toHaveFocus());
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("copy-dialog")).toBeNull());
    expect(world.calls.filter((call) => call.startsWith("submissionExport"))).toEqual([]);
  });

  it("needs the passphrase once more and says where it lies", async () => {
    await open({ set_aside: [aside] });
    await user.click(await byId("outbox-action-export"));
    await user.click(await byId("copy-act"));
    expect(await screen.findByText("Enter the passphrase of this vault.")).toBeVisible();
    await user.type(await byId("copy-passphrase"), "not it");
    await user.click(await byId("copy-act"));
    expect(await screen.findByText("That is not the passphrase.")).toBeVisible();
    expect(await byId("copy-passphrase")).toHaveValue("");
    await user.type(await byId("copy-passphrase"), world.passphrase);
    await user.type(await byId("copy-folder"), "-taken");
    await user.click(await byId("copy-act"));
    expect(await screen.findByText(/There is something of that name already/)).toBeVisible();
    await user.type(await byId("copy-folder"), "-not");
    await user.type(await byId("copy-passphrase"), `${world.passphrase}{Enter}`);
    expect(await byId("copy-made")).toHaveTextContent(
      "The answers and 2 photos, 1.4 MB, not encrypted, in /home/amara/Documents/satchel-1091778617-2025-11-02-taken-not.",
    );
    await user.click(within(await byId("copy-dialog")).getByTestId("copy-close"));
    await waitFor(() => expect(screen.queryByTestId("copy-dialog")).toBeNull());
  });

  it("asks for no passphrase in training, where nobody has one", async () => {
    await open({ set_aside: [aside] }, true);
    await user.click(await byId("outbox-action-export"));
    await user.click(await byId("copy-act"));
    expect(await byId("copy-made")).toBeVisible();
    expect(screen.queryByTestId("copy-passphrase")).toBeNull();
  });
});
