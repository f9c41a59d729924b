import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import App from "../../App.svelte";
import { useHost } from "../../host";
import { fakeWorld } from "../../host/fake";
import { NOW } from "../../host/fake/moments";
import { KEYS } from "../../host/fake/people";
import type { World } from "../../host/fake/world";
import { useClock } from "../../state/clock.svelte";
import { router } from "../../state/router.svelte";
import { session } from "../../state/session.svelte";
import { strengthOf } from "../../parts/passphrase";

let world: World;
const user = userEvent.setup();
const byId = (id: string) => screen.findByTestId(id);

async function open(scenario: string): Promise<void> {
  const fake = fakeWorld(scenario);
  world = fake.world;
  useHost(fake.host);
  router.reset();
  render(App);
  await waitFor(() => expect(session.app).toBe(world.app));
}

/** Types the two groups that are asked for, as they stand on the sheet. */
async function confirmKey(): Promise<void> {
  const shown = await byId("recovery-groups");
  const groups = [...shown.querySelectorAll("b")].map((group) => group.textContent ?? "");
  for (const n of [0, 1]) {
    const field = await byId(`recovery-group-${n}`);
    const place = Number(field.closest<HTMLElement>("[data-group]")?.dataset.group);
    await user.clear(field);
    await user.type(field, groups[place]!.toLowerCase());
  }
}

beforeEach(() => useClock(() => NOW));

describe("the first run", () => {
  it("starts training with one click", async () => {
    await open("first-run");
    await user.click(await byId("start-training"));
    expect(await byId("training-strip")).toBeVisible();
    expect((await screen.findAllByTestId("account-row")).length).toBeGreaterThan(0);
  });

  it("makes a vault with words to write down, then connects a provider", async () => {
    await open("first-run");
    await user.click(await byId("connect-provider"));
    expect((await byId("create-suggested")).textContent?.trim().split(/\s+/)).toHaveLength(4);
    await user.click(await byId("create-submit"));
    expect(await screen.findByText("Enter your name as colleagues know it.")).toBeVisible();
    await user.type(await byId("create-operator"), "Amara Osei");
    await user.click(await byId("create-submit"));
    expect(await screen.findByText("Write the words down first, then tick this.")).toBeVisible();
    await user.click(await byId("create-wrote"));
    await user.click(await byId("create-submit"));
    await confirmKey();
    await user.click(await byId("create-finish"));
    await user.click(await byId("connect-provider-wepay"));
    await user.type(await byId("connection-field-client_id"), "197534");
    await user.type(await byId("connection-field-access_token"), "STAGE_abc");
    await user.click(await byId("connection-save"));
    expect(await byId("connection-check-result")).toHaveAttribute("data-code", "ok");
    expect(world.connections[0]?.credentials_set).toEqual(["access_token"]);
    await user.click(await byId("connect-continue"));
    await user.click(await byId("accounts-one"));
    expect(await byId("account-number")).toBeVisible();
  });

  it("says where the device's secret will be kept", async () => {
    await open("first-run");
    await user.click(await byId("connect-provider"));
    expect(await byId("create-protection")).toHaveAttribute("data-code", "keychain");
    await user.click(await byId("create-back"));
    world.protection = { reduced: true, code: "keychain_absent" };
    await user.click(await byId("connect-provider"));
    expect(await byId("create-protection")).toHaveTextContent("Reduced protection");
  });

  it("goes on without a locked keychain only when somebody says so", async () => {
    await open("first-run");
    world.protection = { reduced: true, code: "keychain_locked" };
    await user.click(await byId("connect-provider"));
    await user.type(await byId("create-operator"), "Amara Osei");
    await user.click(await byId("create-wrote"));
    await user.click(await byId("create-submit"));
    await confirmKey();
    await user.click(await byId("create-finish"));
    expect(await byId("error-note")).toHaveAttribute("data-code", "keychain_locked");
    expect(world.app.phase).toBe("new");
    await user.click(await byId("create-without-keychain"));
    await waitFor(() => expect(world.app.phase).toBe("open"));
    expect(world.app.reduced_protection).toBe(true);
  });

  it("advises on a passphrase of one's own and refuses a short one", async () => {
    await open("first-run");
    await user.click(await byId("connect-provider"));
    await user.type(await byId("create-operator"), "Amara Osei");
    await user.click(await byId("create-how-own"));
    await user.type(await byId("create-passphrase"), "short");
    await user.tab();
    expect(await screen.findByText(/Too short/)).toBeVisible();
    await user.clear(await byId("create-passphrase"));
    await user.type(await byId("create-passphrase"), "tidal copper meadow lantern");
    await user.type(await byId("create-repeat"), "tidal copper meadow lamp");
    await user.click(await byId("create-submit"));
    expect(await screen.findByText("The two are not the same.")).toBeVisible();
    expect(world.app.phase).toBe("new");
  });
});

describe("the recovery key", () => {
  async function toTheKey(): Promise<void> {
    await open("first-run");
    await user.click(await byId("connect-provider"));
    await user.type(await byId("create-operator"), "Amara Osei");
    await user.click(await byId("create-wrote"));
    await user.click(await byId("create-submit"));
  }

  it("makes no vault before two groups of it are typed", async () => {
    await toTheKey();
    await user.click(await byId("create-finish"));
    expect(await screen.findAllByText(/That is not group/)).toHaveLength(2);
    expect(world.app.phase).toBe("new");
    await confirmKey();
    await user.click(await byId("create-finish"));
    await waitFor(() => expect(world.app.phase).toBe("open"));
  });

  it("may be the organisation's", async () => {
    await toTheKey();
    await user.click(await byId("recovery-how-org"));
    await user.type(await byId("recovery-org"), "AGE-SECRET-KEY-1NO");
    await user.click(await byId("create-finish"));
    expect(await screen.findByText("Enter the key that begins with age1.")).toBeVisible();
    await user.clear(await byId("recovery-org"));
    await user.type(await byId("recovery-org"), KEYS[1].recipient);
    await user.click(await byId("create-finish"));
    await waitFor(() => expect(world.app.phase).toBe("open"));
  });

  it("opens a locked vault with a new passphrase, and says who must be added again", async () => {
    await open("locked");
    await user.click(await byId("unlock-forgot"));
    await user.type(await byId("recover-identity"), "not a key");
    await user.type(await byId("recover-operator"), "Amara Osei");
    await user.click(await byId("recover-wrote"));
    await user.click(await byId("recover-submit"));
    expect(await screen.findByText(/That is not a recovery key/)).toBeVisible();
    await user.clear(await byId("recover-identity"));
    await user.type(await byId("recover-identity"), KEYS[0].identity);
    await user.click(await byId("recover-submit"));
    expect(await screen.findByText(/Nadia Karim and Tomás Herrera/)).toBeVisible();
    expect(world.app.phase).toBe("open");
  });
});

describe("a PIN", () => {
  it("opens for a while, and three wrong ones leave it to the passphrase", async () => {
    const fake = fakeWorld("locked");
    world = fake.world;
    world.people.pin = "482915";
    world.app = { ...world.app, pin: true };
    useHost(fake.host);
    router.reset();
    render(App);
    for (const left of ["2 more tries", "One more try"]) {
      await user.type(await byId("unlock-pin"), "111222");
      await user.click(await byId("unlock-submit"));
      expect(await screen.findByText(new RegExp(left))).toBeVisible();
    }
    await user.type(await byId("unlock-pin"), "111222");
    await user.click(await byId("unlock-submit"));
    expect(await byId("unlock-passphrase")).toBeVisible();
    expect(await screen.findByText(/The PIN no longer opens/)).toBeVisible();
  });
});

describe("the strength of a passphrase", () => {
  it("counts words and variety, never digits alone", () => {
    expect(strengthOf("123456789012345")).toBe("weak");
    expect(strengthOf("aaaaaaaaaaaaaa")).toBe("weak");
    expect(strengthOf("correcthorse1")).toBe("fair");
    expect(strengthOf("tidal copper meadow lantern")).toBe("strong");
  });
});

describe("a locked window", () => {
  it("says since when and opens with the passphrase", async () => {
    await open("locked");
    expect(await byId("unlock")).toHaveTextContent("Locked at 14:21, after a while without use");
    await user.type(await byId("unlock-passphrase"), "tidal copper meadow lantern{Enter}");
    expect((await screen.findAllByTestId("account-row")).length).toBeGreaterThan(0);
  });

  it("stays on a wrong passphrase and never threatens", async () => {
    await open("locked");
    await user.type(await byId("unlock-passphrase"), "wrong{Enter}");
    expect(await byId("unlock-error")).toHaveTextContent(
      "That is not the passphrase. If Satchel made it, it has four words.",
    );
    expect(await byId("unlock")).toHaveTextContent("Nothing is erased, however often you try.");
    expect(await byId("unlock-submit")).toHaveTextContent("Try again");
    expect(await byId("unlock-passphrase")).toHaveFocus();
  });

  it("asks for something to be typed instead of disabling the button", async () => {
    await open("locked");
    await user.click(await byId("unlock-submit"));
    expect(await byId("unlock-error")).toHaveTextContent("Enter the passphrase.");
  });
});
