import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it } from "vitest";

import { useHost } from "../../host";
import { fakeWorld } from "../../host/fake";
import { AUDIT_EVENTS } from "../../text/activity";
import Activity from "./Activity.svelte";

const CRATES = join(import.meta.dirname, "../../../../crates");

function sources(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) =>
      statSync(path).isDirectory()
        ? sources(path)
        : path.endsWith(".rs")
          ? readFileSync(path, "utf8")
          : "",
    )
    .join("\n");
}

function open(scenario: string): void {
  useHost(fakeWorld(scenario).host);
  render(Activity);
}

afterEach(() => document.body.replaceChildren());

describe("the log of what people did", () => {
  it("has words for every event that the app notes", () => {
    const app = sources(join(CRATES, "app/src"));
    const core = readFileSync(join(CRATES, "core/src/audit.rs"), "utf8");
    const noted = [
      ...app.matchAll(/\.note\(\s*"([a-z_]+)"/g),
      ...app.matchAll(/\.note_by\([^"]*"([a-z_]+)"/g),
      ...core.matchAll(/=> Some\(\("([a-z_]+)"/g),
    ].map((m) => m[1] ?? "");
    expect(noted.length).toBeGreaterThan(20);
    expect(noted.filter((code) => !(code in AUDIT_EVENTS))).toEqual([]);
  });

  it("says who did what, newest first, and that nothing was touched", async () => {
    open("accounts");
    const rows = (await screen.findByTestId("audit")).querySelectorAll("tbody tr");
    expect(rows[0]).toHaveTextContent("Took a copy out, with 2 photos");
    expect(rows[2]).toHaveTextContent("Unlocked, after 2 tries that failed");
    expect(document.body).toHaveTextContent("10 entries, each as it was written");
    expect(screen.queryByTestId("audit-fault")).toBeNull();
  });

  it("says where it was touched", async () => {
    open("touched");
    expect(await screen.findByTestId("audit-fault")).toHaveTextContent(
      "Entry 11 was changed, or does not open. What stands before it is whole.",
    );
  });

  it("makes a copy of itself", async () => {
    open("accounts");
    await userEvent.type(await screen.findByTestId("audit-file"), "/tmp/audit.jsonl");
    await userEvent.click(screen.getByTestId("audit-copy"));
    await waitFor(() => expect(screen.getByTestId("audit-file")).toHaveValue(""));
  });
});
