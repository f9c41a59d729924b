// A stand-in for the app behind the window: for tests and pictures. It is not in the program that people get.
import { useClock } from "../../state/clock.svelte";
import { router, type Route } from "../../state/router.svelte";
import { fakeDrafts } from "./draft-commands";
import { fakeFrame } from "./frame-commands";
import { fakeKeeping } from "./keeping";
import type { Host } from "../host";
import { NOW } from "./moments";
import { worldOf, type World } from "./world";

/** The fake app in one of its scenarios, and the world behind it for tests. */
export function fakeWorld(scenario: string): { host: Host; world: World } {
  const world = worldOf(scenario);
  return { host: { ...fakeFrame(world), ...fakeDrafts(world), ...fakeKeeping(world) }, world };
}

/** The fake app for a browser: its clock stands on the pictures' day, `go` opens a screen at once. */
export function fakeHost(scenario: string): Host {
  const started = Date.now();
  useClock(() => NOW + (Date.now() - started));
  const { host, world } = fakeWorld(scenario || "accounts");
  const parameters = new URLSearchParams(location.search);
  world.app.theme = parameters.get("theme") ?? world.app.theme;
  world.near = parameters.has("near");
  document.documentElement.dir = parameters.get("dir") ?? "ltr";
  const go = parameters.get("go");
  if (go) router.replace(JSON.parse(go) as Route);
  return host;
}
