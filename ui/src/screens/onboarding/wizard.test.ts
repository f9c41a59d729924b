import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import App from "../../App.svelte";
import { useHost, type Host } from "../../host";
import { fakeWorld } from "../../host/fake";
import { NOW } from "../../host/fake/moments";
import type { World } from "../../host/fake/world";
import { useClock } from "../../state/clock.svelte";
import { router } from "../../state/router.svelte";
import { forget } from "./progress";

let host: Host;
let world: World;
const user = userEvent.setup();
const byId = (id: string) => screen.findByTestId(id);

async function open(draft: string): Promise<void> {
  ({ host, world } = fakeWorld("accounts"));
  useHost(host);
  world.drafts.forEach((_, id) => forget(id));
  router.replace({ name: "onboarding", draft });
  render(App);
  await byId("step-title");
}

async function goTo(step: string): Promise<void> {
  await user.click(await byId(`step-${step}`));
}

beforeEach(() => useClock(() => NOW));
afterEach(() => router.reset());

describe("an onboarding", () => {
  it("is reopened at the first step that lacks something", async () => {
    await open("draft-balogun");
    expect(await byId("step-title")).toHaveTextContent("Who else owns more than 25");
    expect(document.activeElement).toBe(await byId("step-title"));
    expect(await byId("saved")).toHaveTextContent("Saved on this device at 14:26");
  });

  it("shows what is kept of a name once, under both names", async () => {
    await open("draft-balogun");
    await goTo("owner");
    const notes = await screen.findAllByText(/keeps the first 35 letters/);
    expect(notes).toHaveLength(1);
    expect(notes[0]?.parentElement).toHaveTextContent(
      "Oluwaseun Christopher Adebayo Temit. You can go on.",
    );
  });

  it("offers what the licence says otherwise, and leaves the answer until it is used", async () => {
    await open("draft-balogun-front");
    const draft = world.drafts.get("draft-balogun-front");
    const path = "owner.name.first";
    const [photo] = draft?.photos ?? [];
    if (photo) photo.licence = [{ path, says: "OLUWASEUN", is_same: false }];
    router.replace({ name: "accounts", filter: "all" });
    router.replace({ name: "onboarding", draft: "draft-balogun-front" });
    await goTo("documents");
    expect(await byId(`licence-${path}`)).toHaveTextContent(
      "The licence says for “First names”: OLUWASEUN",
    );
    const answered = vi.spyOn(host, "draftAnswer");
    await user.click(await byId(`licence-use-${path}`));
    await waitFor(() =>
      expect(answered).toHaveBeenCalledWith("draft-balogun-front", [{ path, value: "OLUWASEUN" }]),
    );
  });

  it("goes to the first thing to fix, and on once it is fixed", async () => {
    await open("draft-balogun");
    await goTo("owner");
    await user.clear(await byId("field-owner.name.last"));
    await user.click(await byId("continue"));
    const last = await byId("field-owner.name.last");
    await waitFor(() => expect(document.activeElement).toBe(last));
    expect(last).toHaveAttribute("aria-invalid", "true");
    const note = await byId("said-owner.name.last");
    expect(note).toHaveTextContent("Type the last name.");
    expect(last).toHaveAttribute("aria-describedby", note.id);
    expect(await byId("to-fix")).toHaveTextContent("1 thing to fix");
    await user.type(last, "Balogun");
    await user.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(async () => expect(await byId("step-title")).toHaveTextContent("Who else owns"));
  });

  it("warns without stopping anybody", async () => {
    await open("draft-balogun");
    await goTo("owner");
    expect(await byId("said-owner.address.postal_code")).toHaveTextContent(
      "The postcode stops short. It ends with a digit and two letters, as in BS3 1JD. You can go on.",
    );
    await user.click(await byId("continue"));
    await waitFor(async () => expect(await byId("step-title")).toHaveTextContent("Who else"));
  });

  it("fills day, month and year one after the other, and goes back", async () => {
    await open("draft-balogun");
    await goTo("owner");
    const at = (part: string) => byId(`field-owner.date_of_birth.${part}`);
    for (const part of ["day", "month", "year"]) await user.clear(await at(part));
    await user.click(await at("day"));
    await user.keyboard("4121991");
    expect(await at("day")).toHaveValue("04");
    expect(await at("month")).toHaveValue("12");
    expect(await at("year")).toHaveValue("1991");
    await user.keyboard("{Backspace}{Backspace}{Backspace}{Backspace}{Backspace}");
    expect(document.activeElement).toBe(await at("month"));
    expect(await at("month")).toHaveValue("1");
  });

  it("goes to the next field with Enter", async () => {
    await open("draft-balogun");
    await goTo("owner");
    await user.click(await byId("field-owner.name.first"));
    await user.keyboard("{Enter}");
    expect(document.activeElement).toBe(await byId("field-owner.name.middle"));
  });

  it("masks a national number except while it is typed or asked to be seen", async () => {
    await open("draft-balogun-us");
    await goTo("owner");
    const number = await byId("field-owner.us.ssn");
    expect(number).toHaveValue("•••-••-6789");
    await user.click(await byId("reveal-owner.us.ssn"));
    expect(number).toHaveValue("123-45-6789");
    expect(await byId("reveal-owner.us.ssn")).toHaveTextContent("Hide (10");
    await user.tab();
    expect(number).toHaveValue("•••-••-6789");
    await user.click(number);
    expect(number).toHaveValue("123-45-6789");
  });

  it("takes no leave to go on from owners before they are named or denied", async () => {
    await open("draft-balogun");
    await user.click(await byId("continue"));
    expect(await byId("owners-missing")).toHaveTextContent(
      "Name the other owners, or say that there are none.",
    );
    await user.click(await byId("no-owners"));
    await user.click(await byId("continue"));
    await waitFor(async () =>
      expect(await byId("step-title")).toHaveTextContent("Which documents"),
    );
  });

  it("puts the cursor into a new owner, and asks before one with answers goes", async () => {
    await open("draft-balogun");
    await user.click(await byId("add-owner"));
    const first = await byId("field-owners.0.name.first");
    await waitFor(() => expect(document.activeElement).toBe(first));
    await user.type(first, "Folake");
    await user.click(await byId("owner-remove-0"));
    await user.click(await byId("owner-remove-confirm-act"));
    await waitFor(() => expect(screen.queryByTestId("owner-0")).toBeNull());
    expect(await byId("no-owners")).not.toBeChecked();
  });

  it("closes with Esc and keeps what was typed last", async () => {
    await open("draft-balogun");
    await goTo("owner");
    await user.type(await byId("field-owner.name.last"), "-Smith");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(router.route.name).toBe("accounts"));
    const draft = await host.draftShow("draft-balogun");
    const names = draft.sections.find((section) => section.id === "owner_name");
    expect(names?.fields.find((f) => f.path === "owner.name.last")?.value).toBe("Balogun-Smith");
  });

  it("opens the camera for a paper, on the side that is missing", async () => {
    await open("draft-balogun-front");
    await goTo("documents");
    await user.click(await byId("doc-drivers_license"));
    expect(router.route).toMatchObject({
      name: "capture",
      document: "drivers_license",
      side: "back",
    });
  });

  it("does not seal without consent and says where to find it", async () => {
    await open("draft-balogun-full");
    expect(await byId("step-title")).toHaveTextContent("Is everything right?");
    await user.click(await byId("seal"));
    expect(await byId("consent-missing")).toBeInTheDocument();
    await waitFor(async () => expect(document.activeElement).toBe(await byId("consent")));
  });

  it("is sealed, says what happens next and returns to the account", async () => {
    await open("draft-balogun-full");
    await user.click(await byId("consent"));
    await waitFor(async () => expect(await byId("consent")).toBeChecked());
    await user.click(await byId("seal"));
    expect(await byId("sealed")).toHaveTextContent("Sealed. It is safe to go offline.");
    expect(await byId("sealed")).toHaveTextContent(
      "The photos wait here until WePay asks for them.",
    );
    await user.click(await byId("to-account"));
    expect(router.route).toMatchObject({ name: "accounts", account: "balogun" });
    expect(await byId("toast")).toHaveTextContent("Balogun Fabrics Ltd is sealed.");
  });

  it("keeps everything when sealing fails, and shows why", async () => {
    await open("draft-balogun-full");
    useHost({ ...host, draftSeal: () => Promise.reject({ code: "disk_full" }) });
    await user.click(await byId("consent"));
    await waitFor(async () => expect(await byId("consent")).toBeChecked());
    await user.click(await byId("seal"));
    expect(await byId("wizard-error")).toHaveAttribute("data-code", "disk_full");
    expect(await byId("seal")).toBeInTheDocument();
  });

  it("asks only for photos when it goes on from a refusal", async () => {
    ({ host, world } = fakeWorld("accounts"));
    useHost(host);
    const draft = await host.retakeStart("nadia");
    router.replace({ name: "onboarding", draft: draft.id });
    render(App);
    expect(await byId("step-title")).toHaveTextContent("Which photos are new?");
    await user.click(await byId("take-photo"));
    expect(router.route).toMatchObject({ name: "capture", document: "current_utility_bill" });
  });
});
