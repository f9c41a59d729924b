import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { useHost } from "../host";
import { fakeWorld } from "../host/fake";
import { toasts, TOAST_MS } from "../state/toasts.svelte";
import Button from "./Button.svelte";
import ErrorNote from "./ErrorNote.svelte";
import Measure from "./Measure.svelte";
import Photo from "./Photo.svelte";
import Segmented from "./Segmented.svelte";
import TextField from "./TextField.svelte";
import Toasts from "./Toasts.svelte";

const text = (words: string) => createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));
const user = userEvent.setup();

beforeEach(() => useHost(fakeWorld("accounts").host));

describe("a button", () => {
  it("keeps its label while busy and takes no second click", async () => {
    const onclick = vi.fn();
    render(Button, { busy: true, onclick, children: text("Unlock") });
    const button = screen.getByRole("button");
    expect(button).toHaveTextContent("Unlock…");
    await user.click(button);
    expect(onclick).not.toHaveBeenCalled();
  });

  it("can be cancelled after one second", async () => {
    vi.useFakeTimers();
    render(Button, {
      busy: true,
      oncancel: () => undefined,
      testid: "go",
      children: text("Check"),
    });
    expect(screen.queryByTestId("go-cancel")).toBeNull();
    await vi.advanceTimersByTimeAsync(1100);
    expect(screen.getByTestId("go-cancel")).toHaveTextContent("Cancel");
    vi.useRealTimers();
  });
});

describe("a field", () => {
  it("ties its label, help and error to its control", () => {
    render(TextField, {
      label: "Postcode",
      value: "BS3 1J",
      help: "Of the home",
      error: "The postcode stops short.",
    });
    const input = screen.getByLabelText("Postcode");
    expect(input).toHaveAttribute("aria-invalid", "true");
    expect(input).toHaveAccessibleDescription("The postcode stops short. Of the home");
  });

  it("marks only what is optional", () => {
    render(TextField, { label: "Email", value: "", optional: true });
    expect(screen.getByText("optional")).toBeVisible();
  });
});

describe("a choice", () => {
  it("moves with the arrows", async () => {
    const onchange = vi.fn();
    render(Segmented, {
      label: "Theme",
      value: "light",
      options: [
        { value: "light", label: "Light" },
        { value: "dark", label: "Dark" },
      ],
      onchange,
    });
    screen.getByRole("radio", { name: "Light" }).focus();
    await user.keyboard("{ArrowRight}");
    expect(onchange).toHaveBeenCalledWith("dark");
  });
});

describe("an error", () => {
  it("says what happened, what is safe, and keeps the code under Details", () => {
    render(ErrorNote, { error: { code: "disk_full", path: null, detail: null } });
    const note = screen.getByRole("alert");
    expect(note).toHaveTextContent("The disk is full.");
    expect(note).toHaveTextContent("What was sealed before is safe.");
    expect(note.querySelector("details")).toHaveTextContent("disk_full");
  });
});

describe("a toast", () => {
  it("goes by itself", async () => {
    vi.useFakeTimers();
    render(Toasts);
    toasts.say("Saved");
    await vi.advanceTimersByTimeAsync(TOAST_MS - 500);
    expect(screen.getByTestId("toast")).toHaveTextContent("Saved");
    await vi.advanceTimersByTimeAsync(1000);
    expect(screen.queryByTestId("toast")).toBeNull();
    vi.useRealTimers();
  });
});

describe("a measure", () => {
  it("says its value with the unit and its limit", () => {
    render(Measure, {
      measure: {
        code: "resolution",
        verdict: "bad",
        value: 210,
        unit: "dpi",
        limit: 250,
        limit_is_max: false,
        gauge: 0.5,
        gauge_limit: 0.6,
      },
    });
    expect(screen.getByTestId("measure-resolution")).toHaveTextContent(
      "Resolution 210 dpi min 250",
    );
  });
});

describe("a photo", () => {
  it("gives its address back when it goes", async () => {
    const revoked = vi.spyOn(URL, "revokeObjectURL");
    const { unmount } = render(Photo, { id: "photo-1", alt: "Passport, front" });
    await waitFor(() => expect(screen.getByRole("img").tagName).toBe("IMG"));
    expect(screen.getByRole("img", { name: "Passport, front" })).toBeVisible();
    unmount();
    expect(revoked).toHaveBeenCalledWith("blob:test");
  });
});
