import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";

import App from "../../App.svelte";
import { useHost } from "../../host";
import { fakeWorld } from "../../host/fake";
import { NOW } from "../../host/fake/moments";
import type { World } from "../../host/fake/world";
import { useClock } from "../../state/clock.svelte";
import { router } from "../../state/router.svelte";
import { session } from "../../state/session.svelte";

const WORDS = "tidal copper meadow lantern";
let world: World;
const user = userEvent.setup();
const byId = (id: string) => screen.findByTestId(id);

beforeEach(async () => {
  useClock(() => NOW);
  const fake = fakeWorld("mixed");
  world = fake.world;
  useHost(fake.host);
  router.reset();
  render(App);
  await waitFor(() => expect(session.app).toBe(world.app));
  router.go({ name: "settings", page: "people" });
  await byId("person-add");
});

it("lists who has a passphrase, and offers to remove everybody but oneself", async () => {
  const people = await screen.findAllByTestId("person");
  expect(people.map((p) => p.querySelector("bdi")?.textContent)).toEqual([
    "Amara Osei",
    "Nadia Karim",
    "Tomás Herrera",
  ]);
  expect(within(people[0]!).queryByTestId("person-remove")).toBeNull();
  expect(within(people[2]!).getByText("Supervisor")).toBeVisible();
});

it("adds somebody after one's own passphrase", async () => {
  await user.click(await byId("person-add"));
  await user.click(await byId("add-person-act"));
  expect(await screen.findByText("Enter the name.")).toBeVisible();
  expect(await screen.findByText("Enter your passphrase.")).toBeVisible();
  await user.type(await byId("person-name"), "Nadia Karim");
  await user.click(await byId("person-wrote"));
  await user.type(await byId("add-person-confirm"), WORDS);
  await user.click(await byId("add-person-act"));
  expect(await screen.findByText("Somebody has that name already.")).toBeVisible();
  await user.clear(await byId("person-name"));
  await user.type(await byId("person-name"), "Linus Berg");
  await user.click(await byId("add-person-act"));
  await waitFor(() => expect(screen.getAllByTestId("person")).toHaveLength(4));
});

it("removes nobody on a wrong passphrase", async () => {
  await user.click((await screen.findAllByTestId("person-remove"))[0]!);
  await user.type(await byId("remove-person-confirm"), "wrong");
  await user.click(await byId("remove-person-act"));
  expect(await screen.findByText("That is not the passphrase.")).toBeVisible();
  expect(world.people.view.people).toHaveLength(3);
  await user.clear(await byId("remove-person-confirm"));
  await user.type(await byId("remove-person-confirm"), WORDS);
  await user.click(await byId("remove-person-act"));
  await waitFor(() => expect(screen.getAllByTestId("person")).toHaveLength(2));
});

it("changes the passphrase", async () => {
  await user.click(await byId("passphrase-change"));
  const suggested = () => screen.getByTestId("change-suggested").textContent?.trim();
  await waitFor(() => expect(suggested()).not.toBe(""));
  const first = suggested();
  await user.click(await byId("change-another"));
  await waitFor(() => expect(suggested()).not.toBe(first));
  const chosen = suggested();
  expect(chosen).not.toBe(WORDS);
  await user.click(await byId("change-wrote"));
  await user.type(await byId("change-passphrase-confirm"), WORDS);
  await user.click(await byId("change-passphrase-act"));
  await waitFor(() => expect(world.passphrase).toBe(chosen));
});

it("sets a PIN and turns it off", async () => {
  await user.click(await byId("pin-set"));
  await user.type(await byId("pin-field"), "482915");
  await user.type(await byId("set-pin-confirm"), WORDS);
  await user.click(await byId("set-pin-act"));
  await user.click(await byId("pin-off"));
  await waitFor(() => expect(world.people.pin).toBeNull());
});
