import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import App from "../../App.svelte";
import type { ReportView } from "../../generated/ReportView";
import { useHost, type Frame, type Host } from "../../host";
import { fakeWorld } from "../../host/fake";
import { NOW } from "../../host/fake/moments";
import { badReport, glareReport, goodReport } from "../../host/fake/photos";
import type { World } from "../../host/fake/world";
import { useClock } from "../../state/clock.svelte";
import { router } from "../../state/router.svelte";
import { cameraFault, openCamera } from "./camera";
import { LiveJudge, shrunk, Steady, STEADY_MS } from "./frames";
import { guide, reachableDpi } from "./guide";
import { CalmHint, SPOKEN_EVERY_MS } from "./hints";

const HD = { width: 1920, height: 1080 };

describe("live frames", () => {
  it("are shrunk, never enlarged", () => {
    expect(shrunk(1920, 1080, 640)).toEqual({ width: 640, height: 360 });
    expect(shrunk(320, 240, 640)).toEqual({ width: 320, height: 240 });
  });

  it("are judged one after the other, never two at a time", async () => {
    vi.useFakeTimers();
    let flying = 0;
    let most = 0;
    const frame: Frame = { width: 1, height: 1, rgba: new Uint8Array(4) };
    const judge = new LiveJudge(
      () => frame,
      async () => {
        flying += 1;
        most = Math.max(most, flying);
        await new Promise((done) => setTimeout(done, 500));
        flying -= 1;
        return goodReport();
      },
      () => undefined,
      100,
    );
    judge.start();
    judge.start();
    await vi.advanceTimersByTimeAsync(3000);
    judge.stop();
    vi.useRealTimers();
    expect(most).toBe(1);
  });

  it("are taken by themselves only when good, still for a second, and not twice", () => {
    const steady = new Steady();
    const moved = (by: number): ReportView => ({
      ...goodReport(),
      corners: (goodReport().corners ?? []).map(([x, y]) => [x + by, y]),
    });
    expect(steady.seen(moved(0), 0)).toBe(false);
    expect(steady.seen(moved(0.1), 600)).toBe(false);
    expect(steady.seen(moved(0.1), STEADY_MS)).toBe(false);
    expect(steady.seen(moved(0.105), 600 + STEADY_MS)).toBe(true);
    steady.reset();
    expect(steady.seen(moved(0.1), 3000)).toBe(false);
    expect(steady.seen(moved(0.1), 3000 + STEADY_MS)).toBe(false);
    expect(steady.waiting).toBe(true);
    expect(steady.seen(badReport(), 5000)).toBe(false);
    expect(steady.waiting).toBe(false);
    expect(steady.seen(moved(0.1), 5100)).toBe(false);
    expect(steady.seen(moved(0.1), 5100 + STEADY_MS)).toBe(true);
  });

  it("change their hint only when it is said twice, and tell readers at most every two seconds", () => {
    const calm = new CalmHint("card");
    const first = calm.see(badReport());
    expect(first.text).toBe("Move closer");
    expect(calm.see(glareReport()).text).toBe("Move closer");
    const second = calm.see(glareReport());
    expect(second.text).toBe("Tilt the card a little");
    expect(calm.spoken(first, 0)).toBe("Move closer");
    expect(calm.spoken(second, SPOKEN_EVERY_MS - 1)).toBe("Move closer");
    expect(calm.spoken(second, SPOKEN_EVERY_MS)).toBe("Tilt the card a little");
  });
});

describe("the frame over the picture", () => {
  it("has the shape of the paper and lies in the picture", () => {
    for (const [shape, ratio] of [
      ["card", 85.6 / 54],
      ["passport_page", 125 / 88],
      ["page", 297 / 210],
    ] as const) {
      const { left, top, width, height } = guide(shape, HD);
      expect(width / height).toBeCloseTo(ratio, 5);
      expect(left).toBeGreaterThan(0);
      expect(top).toBeGreaterThan(0);
      expect(top + height).toBeLessThan((872 * 1080) / 1920);
    }
  });

  it("knows how many dots per inch a camera can reach", () => {
    expect(reachableDpi("card", HD)).toBeGreaterThan(290);
    expect(reachableDpi("page", HD)).toBeLessThan(150);
    expect(reachableDpi("page", { width: 3840, height: 2160 })).toBeGreaterThan(175);
  });
});

describe("a camera that does not open", () => {
  it.each([
    ["NotFoundError", "none"],
    ["OverconstrainedError", "none"],
    ["NotAllowedError", "denied"],
    ["NotReadableError", "busy"],
    ["AbortError", "broken"],
  ])("says %s in words of its own", (name, fault) => {
    expect(cameraFault(new DOMException("x", name))).toBe(fault);
  });

  it("is replaced by any other when the one used last is gone", async () => {
    const asked: MediaStreamConstraints[] = [];
    const stream = {} as MediaStream;
    vi.stubGlobal("navigator", {
      mediaDevices: {
        getUserMedia: async (constraints: MediaStreamConstraints) => {
          asked.push(constraints);
          if (asked.length === 1) throw new DOMException("gone", "OverconstrainedError");
          return stream;
        },
      },
    });
    expect(await openCamera("unplugged")).toBe(stream);
    expect(asked[1]?.video).not.toHaveProperty("deviceId");
    vi.unstubAllGlobals();
  });
});

let host: Host;
let world: World;
const user = userEvent.setup({ applyAccept: false });
const byId = (id: string) => screen.findByTestId(id);

async function open(draft: string, document: string, side: string): Promise<void> {
  ({ host, world } = fakeWorld("accounts"));
  useHost(host);
  router.reset();
  router.go({ name: "capture", draft, document, side });
  render(App);
  await byId("capture-document");
}

async function give(says: string): Promise<void> {
  const file = new File([says], "picture", { type: "image/jpeg" });
  file.arrayBuffer = async () => new TextEncoder().encode(says).buffer as ArrayBuffer;
  await user.upload((await byId("capture-file-input")) as HTMLInputElement, file);
}

beforeEach(() => useClock(() => NOW));
afterEach(() => router.reset());

describe("taking a photo", () => {
  it("offers a file where there is no camera", async () => {
    await open("draft-balogun", "passport", "front");
    expect(await byId("camera-fault")).toHaveAttribute("data-fault", "none");
    await user.click(await byId("camera-use-file"));
    expect(await byId("drop")).toHaveTextContent("Drop a photo here");
  });

  it("goes on to the other side after a good one, and is done after both", async () => {
    await open("draft-balogun", "drivers_license", "front");
    expect(await byId("capture-standing")).toHaveTextContent("Front is still needed");
    await give("good front");
    await waitFor(async () =>
      expect(await byId("side-back")).toHaveAttribute("aria-pressed", "true"),
    );
    expect(await byId("verdict")).toHaveAttribute("data-verdict", "good");
    expect(await byId("capture-done")).toHaveTextContent("Do it later");
    await give("good back");
    await waitFor(async () =>
      expect(await byId("capture-standing")).toHaveTextContent("Both sides are there"),
    );
    await user.click(await byId("capture-done"));
    expect(router.route.name).toBe("accounts");
    expect(world.drafts.get("draft-balogun")?.photos).toHaveLength(2);
  });

  it("says why a file is not taken, and keeps what was there", async () => {
    await open("draft-balogun-front", "drivers_license", "back");
    await give("heic....");
    expect(await byId("capture-fault")).toHaveAttribute("data-code", "unsupported_heic");
    expect(world.drafts.get("draft-balogun-front")?.photos).toHaveLength(1);
    await give("good now");
    await waitFor(() => expect(screen.queryByTestId("capture-fault")).toBeNull());
  });

  it("asks for one page of a file that has several", async () => {
    await open("draft-balogun", "passport", "front");
    await give("pages of a scan");
    expect(await byId("capture-fault")).toHaveAttribute("data-code", "several_pages");
    await user.click(await byId("page-use"));
    await waitFor(() => expect(screen.queryByTestId("page-choice")).toBeNull());
    expect(world.drafts.get("draft-balogun")?.photos).toHaveLength(1);
  });

  it("never sends a file that is larger than any photo", async () => {
    await open("draft-balogun", "passport", "front");
    const file = new File(["x"], "huge.tiff");
    Object.defineProperty(file, "size", { value: 65 * 1024 * 1024 });
    await user.upload((await byId("capture-file-input")) as HTMLInputElement, file);
    expect(await byId("capture-fault")).toHaveAttribute("data-code", "too_large_file");
  });

  it("removes a photo whose check was cancelled", async () => {
    await open("draft-balogun", "passport", "front");
    let finish: () => void = () => undefined;
    let removed = false;
    const waiting = new Promise<void>((done) => (finish = done));
    useHost({
      ...host,
      photoAdd: async (...given) => {
        await waiting;
        return host.photoAdd(...given);
      },
      photoRemove: (...given) => {
        removed = true;
        return host.photoRemove(...given);
      },
    });
    await give("good but slow");
    await user.click(await screen.findByTestId("capture-cancel", {}, { timeout: 3000 }));
    expect(await byId("capture-notice")).toHaveTextContent("Cancelled");
    finish();
    await waitFor(() => expect(removed).toBe(true));
    await waitFor(() => expect(world.drafts.get("draft-balogun")?.photos).toEqual([]));
  });

  it("moves between the sides with F and B", async () => {
    await open("draft-balogun-front", "drivers_license", "back");
    await user.keyboard("f");
    expect(await byId("side-front")).toHaveAttribute("aria-pressed", "true");
    await user.keyboard("b");
    expect(await byId("side-back")).toHaveAttribute("aria-pressed", "true");
  });
});

describe("checking a photo", () => {
  it("titles the verdict with what failed and says what to do", async () => {
    await open("draft-balogun", "drivers_license", "front");
    await give("glare");
    const verdict = await byId("verdict");
    expect(verdict).toHaveTextContent("Glare on the card");
    expect(verdict).toHaveTextContent("Tilt the card away from the lamp");
    expect(screen.getAllByTestId(/^measure-/)[0]).toHaveAttribute("data-testid", "measure-glare");
    expect(screen.queryByTestId("use-photo")).toBeNull();
    expect(screen.queryByTestId("override")).toBeNull();
  });

  it("may be overridden after two retakes, with a reason that is kept", async () => {
    await open("draft-balogun", "drivers_license", "front");
    for (let time = 0; time < 3; time += 1) {
      await give("glare");
      await byId("turn-left");
      if (time < 2) await user.keyboard("r");
    }
    await user.click(await byId("use-anyway"));
    expect(await screen.findByText("Say why, in a few words.")).toBeInTheDocument();
    await user.click(await byId("reason-other"));
    await user.type(await byId("reason-text"), "Only lamp in the shop");
    await user.click(await byId("use-anyway"));
    await waitFor(async () =>
      expect(await byId("side-back")).toHaveAttribute("aria-pressed", "true"),
    );
    expect(world.drafts.get("draft-balogun")?.photos[0]?.override_reason).toBe(
      "Only lamp in the shop",
    );
  });

  it("lets a warning pass and says so", async () => {
    await open("draft-balogun", "current_utility_bill", "front");
    await give("warn");
    expect(await byId("verdict")).toHaveTextContent("You can go on.");
    await user.click(await byId("use-photo"));
    expect(router.route.name).toBe("accounts");
  });

  it("turns the photo by keys", async () => {
    await open("draft-balogun", "passport", "front");
    await give("far");
    await byId("turn-right");
    await user.keyboard("]");
    await waitFor(() =>
      expect(world.drafts.get("draft-balogun")?.photos[0]).toMatchObject({
        width: 720,
        height: 1280,
      }),
    );
  });

  it("tells when the photo was used before", async () => {
    await open("draft-balogun", "passport", "front");
    useHost({
      ...host,
      photoAdd: async (...given) => ({
        ...(await host.photoAdd(...given)),
        duplicate_of: "rejected_before",
        duplicate_ms: NOW,
      }),
    });
    await give("good but known");
    expect(await byId("duplicate")).toHaveTextContent(
      "This photo was already rejected on 2 Nov. Take a new one.",
    );
  });
});
