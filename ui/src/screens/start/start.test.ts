import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";

import App from "../../App.svelte";
import { useHost } from "../../host";
import { fakeWorld } from "../../host/fake";
import { NOW } from "../../host/fake/moments";
import type { World } from "../../host/fake/world";
import { useClock } from "../../state/clock.svelte";
import { router } from "../../state/router.svelte";
import { session } from "../../state/session.svelte";
import { strengthOf } from "./passphrase";

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
