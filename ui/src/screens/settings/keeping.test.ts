import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { useHost } from "../../host";
import { fakeWorld } from "../../host/fake";
import type { World } from "../../host/fake/world";
import { keptFor } from "../../text/keeping";
import Forget from "../accounts/Forget.svelte";
import Keeping from "./Keeping.svelte";

let world: World;

beforeEach(() => {
  const made = fakeWorld("accounts");
  world = made.world;
  useHost(made.host);
});

afterEach(() => document.body.replaceChildren());

const row = (id: string) => world.rows.find((each) => each.id === id)!;

describe("how long evidence is kept", () => {
  it("is told in the words of people", () => {
    expect(keptFor(24)).toBe("1 day");
    expect(keptFor(720)).toBe("30 days");
    expect(keptFor(36)).toBe("36 hours");
    expect(keptFor(0)).toBe("Not at all");
    expect(keptFor(null)).toBe("Until somebody forgets it");
  });

  it("is shown for every end, and what was due is forgotten at once on request", async () => {
    render(Keeping);
    expect(await screen.findByTestId("keep-verified-photos")).toHaveTextContent("1 day");
    expect(screen.getByTestId("keep-failed-details")).toHaveTextContent("30 days");
    expect(screen.getByTestId("keep-withdrawn-details")).toHaveTextContent("30 days");
    await userEvent.click(screen.getByTestId("keep-now"));
    await waitFor(() => expect(screen.getByTestId("keep-now")).toBeEnabled());
  });
});

describe("forgetting an account", () => {
  it("states what goes and what it means, and keeps it unless somebody says so", async () => {
    render(Forget, { row: row("nadia"), queued: false });
    await userEvent.click(screen.getByTestId("forget"));
    const dialog = await screen.findByTestId("forget-dialog");
    expect(dialog).toHaveTextContent("Forget Nadia’s Bakery on this device?");
    expect(dialog).toHaveTextContent("Name, answers, history and 2 photos go.");
    expect(dialog).toHaveTextContent("WePay has it and keeps it.");
    await userEvent.click(screen.getByTestId("forget-keep"));
    expect(world.calls).toEqual([]);
  });

  it("leaves the number and the end", async () => {
    render(Forget, { row: row("nadia"), queued: false });
    await userEvent.click(screen.getByTestId("forget"));
    await userEvent.click(await screen.findByTestId("forget-act"));
    await waitFor(() => expect(row("nadia").group).toBe("forgotten"));
    expect(row("nadia").name).toBe(row("nadia").remote_id);
  });

  it("waits for what may still be on its way", async () => {
    const out = { ...row("nadia"), line: { ...row("nadia").line, code: "waiting_answer_lost" } };
    world.rows = world.rows.map((each) => (each.id === "nadia" ? out : each));
    render(Forget, { row: out, queued: false });
    await userEvent.click(screen.getByTestId("forget"));
    const dialog = await screen.findByTestId("forget-dialog");
    expect(dialog).toHaveTextContent("may still be on its way to WePay");
    expect(screen.queryByTestId("forget-act")).toBeNull();
    await userEvent.click(screen.getByTestId("forget-later"));
    await waitFor(() => expect(world.calls).toEqual(["forget nadia"]));
    expect(row("nadia").group).toBe("needs_you");
  });
});
