import type { Host } from "./host";

export { asApiError } from "./host";
export type { Frame, Host, Picture, RawFile, Rendition } from "./host";

let chosen: Host | undefined;

/** The app behind the window. Chosen once, before the first screen. */
export function host(): Host {
  if (!chosen) throw new Error("the host was not chosen");
  return chosen;
}

/** Puts a host in place: at the start, and in tests. */
export function useHost(next: Host): void {
  chosen = next;
}

/** The real app, or in a browser during development the fake one (`?fake=SCENARIO`). */
export async function chooseHost(): Promise<Host> {
  const scenario = new URLSearchParams(location.search).get("fake");
  if ((import.meta.env.DEV || import.meta.env.MODE === "fake") && scenario !== null) {
    const { fakeHost } = await import("./fake");
    useHost(fakeHost(scenario));
  } else {
    const { tauriHost } = await import("./tauri");
    useHost(tauriHost);
  }
  return host();
}
