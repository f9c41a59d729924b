import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import App from "../App.svelte";
import { useHost, type Host } from "../host";
import { fakeWorld } from "../host/fake";
import type { World } from "../host/fake/world";
import { NOW } from "../host/fake/moments";
import { useClock } from "../state/clock.svelte";
import { router } from "../state/router.svelte";
import { session } from "../state/session.svelte";
import { bar } from "./bar.svelte";

let world: World;
let host: Host;

async function open(scenario: string): Promise<void> {
  ({ host, world } = fakeWorld(scenario));
  useHost(host);
  router.reset();
  bar.search = "";
  render(App);
  await waitFor(() => expect(session.app).toBe(world.app));
}

const byId = (id: string) => screen.findByTestId(id);
const user = userEvent.setup();

beforeEach(() => useClock(() => NOW));
afterEach(() => {
  router.reset();
  vi.useRealTimers();
});

describe("the list of accounts", () => {
  it("shows who needs a person first and says as of when", async () => {
    await open("accounts");
    const rows = await screen.findAllByTestId("account-row");
    expect(rows[0]).toHaveTextContent("Nadia’s Bakery");
    expect(rows[0]).toHaveTextContent("Utility bill: illegible");
    expect(await byId("list-as-of")).toHaveTextContent("States as of 14:10 · offline since 14:12");
    expect(await byId("filter-needs-you")).toHaveTextContent("3");
  });

  it("moves with the arrows and opens with Enter", async () => {
    await open("accounts");
    const rows = await screen.findAllByTestId("account-row");
    rows[0]?.focus();
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(async () =>
      expect(await byId("account-title")).toHaveTextContent("Tide & Timber"),
    );
  });

  it("narrows down as one types", async () => {
    await open("accounts");
    await screen.findAllByTestId("account-row");
    await user.type(await byId("search"), "cabot");
    await waitFor(() => expect(screen.getAllByTestId("account-row")).toHaveLength(1));
    expect(screen.getByTestId("account-row")).toHaveTextContent("Cabot Cycles");
  });

  it("says so when nothing matches, and clears the search", async () => {
    await open("accounts");
    await user.type(await byId("search"), "zzz");
    await user.click(await byId("empty-clear-search"));
    await waitFor(() => expect(screen.getAllByTestId("account-row").length).toBeGreaterThan(5));
  });

  it("begins with the merchant in front of you when there are no accounts", async () => {
    await open("empty");
    expect(await byId("no-accounts")).toHaveTextContent("It works without a network.");
  });

  it("says what is safe when the store does not answer", async () => {
    await open("broken");
    const note = (await screen.findAllByTestId("error-note"))[0];
    expect(note).toHaveAttribute("data-code", "store_failed");
    expect(note).toHaveTextContent("safe on this device");
  });

  it("keeps what is known while the new comes", async () => {
    await open("accounts");
    await screen.findAllByTestId("account-row");
    world.rows = world.rows.map((row) =>
      row.id === "nadia" ? { ...row, name: "Nadia’s Big Bakery" } : row,
    );
    world.tell();
    expect(screen.getAllByTestId("account-row").length).toBeGreaterThan(5);
    await waitFor(() =>
      expect(screen.getAllByTestId("account-row")[0]).toHaveTextContent("Nadia’s Big Bakery"),
    );
  });
});

describe("an account", () => {
  it("says what to do next, the provider's verdict and the raw word", async () => {
    await open("accounts");
    expect(await byId("next-box")).toHaveTextContent("Retake the utility bill");
    expect(await byId("account-as-of")).toHaveTextContent("As of 2 Nov, 14:10");
    expect(await byId("provider-word")).toHaveTextContent("require_docs");
    const states = (await screen.findAllByTestId("document-state")).map((s) => s.textContent);
    expect(states).toEqual(["Verified 1 Nov", "Rejected 2 Nov: illegible"]);
  });

  it("shows details for ten seconds and no longer", async () => {
    await open("accounts");
    await byId("details-reveal");
    expect(screen.getByTestId("detail-owner.date_of_birth")).toHaveTextContent("•• ••• 1991");
    vi.useFakeTimers({ shouldAdvanceTime: true });
    screen.getByTestId("details-reveal").click();
    await vi.advanceTimersByTimeAsync(100);
    expect(screen.getByTestId("detail-owner.date_of_birth")).toHaveTextContent("9 August 1991");
    expect(world.calls).toContain("accountReveal nadia");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(screen.getByTestId("detail-owner.date_of_birth")).toHaveTextContent("•• ••• 1991");
  });

  it("hides details at once when the window loses the focus", async () => {
    await open("accounts");
    await user.click(await byId("details-reveal"));
    await waitFor(() =>
      expect(screen.getByTestId("detail-owner.date_of_birth")).toHaveTextContent("1991"),
    );
    window.dispatchEvent(new Event("blur"));
    await waitFor(() =>
      expect(screen.getByTestId("detail-owner.date_of_birth")).toHaveTextContent("•• ••• 1991"),
    );
  });

  it("begins a retake of what was rejected", async () => {
    await open("accounts");
    await user.click(await byId("action-retake"));
    await waitFor(() =>
      expect(router.route).toMatchObject({ name: "capture", draft: "retake-nadia" }),
    );
  });

  it("asks before it takes a submission back, with the safe answer in focus", async () => {
    await open("accounts");
    router.go({ name: "accounts", filter: "waiting", account: "foundry" });
    await user.click(await byId("withdraw"));
    const keep = await byId("withdraw-dialog-keep");
    await waitFor(() => expect(keep).toHaveFocus());
    await user.click(await byId("withdraw-dialog-act"));
    await waitFor(() =>
      expect(world.calls.some((call) => call.startsWith("submissionWithdraw"))).toBe(true),
    );
    expect(await byId("toast")).toHaveTextContent("Taken back. Nothing was sent.");
  });
});

describe("a new onboarding", () => {
  it("starts with Ctrl N at the account it is for", async () => {
    await open("accounts");
    await screen.findAllByTestId("account-row");
    await user.keyboard("{Control>}n{/Control}");
    await user.type(await byId("picker-search"), "stokes");
    await waitFor(() => expect(screen.getAllByTestId("picker-row")).toHaveLength(1));
    await user.keyboard("{Enter}");
    await waitFor(() =>
      expect(router.route).toEqual({ name: "onboarding", draft: "draft-stokes" }),
    );
  });

  it("adds the account on the way", async () => {
    await open("accounts");
    await user.click(await byId("new-onboarding"));
    await user.click(await byId("picker-add"));
    await user.click(await byId("account-add-start"));
    expect(
      await screen.findByText("Enter the number that the provider gave this account."),
    ).toBeVisible();
    await user.type(await byId("account-number"), "1091790001");
    await user.type(await byId("account-name"), "Quay Coffee");
    await user.click(await byId("account-add-start"));
    await waitFor(() =>
      expect(router.route).toEqual({ name: "onboarding", draft: "draft-added-1091790001" }),
    );
  });

  it("says which field the app refused", async () => {
    await open("accounts");
    router.go({ name: "account-add" });
    await waitFor(() => expect(screen.getByRole("main")).toHaveTextContent("WePay"));
    await user.type(await byId("account-number"), "1091778617");
    await user.type(await byId("account-name"), "Twice");
    await user.click(await byId("account-add"));
    await waitFor(() => expect(screen.getByRole("main")).toHaveTextContent("is here already"));
    expect(await byId("account-number")).toHaveAttribute("aria-invalid", "true");
  });
});

describe("an import", () => {
  const csv =
    "account_id,name,country,shoe_size\n77,Alpha,GB,9\n,Beta,GB,8\n1091778617,Nadia,GB,7\n78,Gamma,XX,6\n";

  it("shows what would be added, what not and why, and then adds it", async () => {
    await open("accounts");
    router.go({ name: "import" });
    await user.upload(await byId("import-file"), new File([csv], "list.csv", { type: "text/csv" }));
    expect(await byId("import-found")).toHaveTextContent(
      "1 account can be added · 1 is here already · 2 cannot be read",
    );
    const bad = within(await byId("import-bad"));
    expect(bad.getByText("The account number is missing")).toBeVisible();
    expect(bad.getByText(/“XX” is no country/)).toBeVisible();
    await user.click(await byId("import-add"));
    await waitFor(() => expect(world.rows.some((row) => row.name === "Alpha")).toBe(true));
  });

  it("refuses a file that is not text", async () => {
    await open("accounts");
    router.go({ name: "import" });
    await user.upload(
      await byId("import-file"),
      new File([new Uint8Array([0xff, 0xfe, 0x80])], "x.csv", { type: "text/csv" }),
    );
    expect(await screen.findByText(/not text in UTF-8/)).toBeVisible();
  });
});

describe("the outbox", () => {
  it("says for every item why it waits, when it tries next and who acts", async () => {
    await open("online-slow");
    await user.click(await byId("network-pill"));
    const items = await screen.findAllByTestId("outbox-item");
    expect(items[0]).toHaveTextContent("Sending, 0.9 of 1.4");
    expect(items[2]).toHaveTextContent(
      "The answer got lost. Asking WePay what it received, so that nothing is sent twice.",
    );
    expect(items[2]).toHaveTextContent("16:07not before");
    const lane = await byId("outbox-group");
    expect(lane).toHaveTextContent(
      "Winter has not accepted this device’s key since 13:58. The accounts are fine.",
    );
    expect(lane).toHaveTextContent("Administrator");
    expect(await byId("outbox-set-aside")).toHaveTextContent(
      "WePay refused it three times: the account owner is missing",
    );
  });

  it("pauses and resumes", async () => {
    await open("online-slow");
    router.go({ name: "outbox" });
    await user.click(await byId("outbox-pause"));
    expect(await byId("outbox-resume")).toBeVisible();
    expect(world.outbox.paused).toBe(true);
  });
});

describe("the window", () => {
  it("shows one banner with the way out", async () => {
    await open("credentials");
    expect(await byId("banner-credentials")).toHaveTextContent(
      "2 accounts have waited since 13:58 and keep their place.",
    );
    await user.click(await byId("banner-enter-key"));
    await waitFor(() =>
      expect(router.route).toEqual({ name: "connection", id: "connection-winter" }),
    );
  });

  it("is marked on every screen while it trains, and the mark leads out", async () => {
    await open("training");
    expect(await byId("training-strip")).toHaveTextContent(
      "Nothing here is real, and nothing leaves this computer.",
    );
    expect(document.title).toBe("Satchel (Training)");
    router.go({ name: "onboarding", draft: "draft-balogun" });
    await waitFor(() => expect(screen.getByTestId("training-strip")).toBeVisible());
    await user.click(await byId("leave-training"));
    await user.click(await byId("leave-erase"));
    expect(await byId("first-run")).toBeVisible();
  });

  it("locks with Ctrl L and forgets where one was", async () => {
    await open("accounts");
    await screen.findAllByTestId("account-row");
    router.go({ name: "outbox" });
    await user.keyboard("{Control>}l{/Control}");
    expect(await byId("unlock")).toBeVisible();
    expect(router.route).toEqual({ name: "accounts", filter: "all" });
  });

  it("is drawn larger and smaller with Ctrl + and −, also while it is locked", async () => {
    await open("locked");
    expect(world.calls).toContain("zoom 100");
    await user.keyboard("{Control>}+{/Control}");
    await waitFor(() => expect(world.calls).toContain("zoom 125"));
    for (let press = 0; press < 9; press += 1) await user.keyboard("{Control>}+{/Control}");
    await waitFor(() => expect(world.calls.at(-1)).toBe("zoom 200"));
    await user.keyboard("{Control>}-{/Control}");
    await waitFor(() => expect(world.calls.at(-1)).toBe("zoom 175"));
    await user.keyboard("{Control>}0{/Control}");
    await waitFor(() => expect(world.calls.at(-1)).toBe("zoom 100"));
  });

  it("keeps whether single letters act", async () => {
    await open("accounts");
    router.go({ name: "settings", page: "appearance" });
    const toggle = await byId("setting-single-keys");
    expect(toggle).toHaveAttribute("aria-checked", "true");
    await user.click(toggle);
    await waitFor(() => expect(world.settings.single_keys).toBe(false));
    await user.click(await byId("setting-single-keys"));
    await waitFor(() => expect(world.settings.single_keys).toBe(true));
  });

  it("shows its keys with F1", async () => {
    await open("accounts");
    await screen.findAllByTestId("account-row");
    await user.keyboard("{F1}");
    expect(await byId("keys-help")).toHaveTextContent("New onboarding");
  });
});
