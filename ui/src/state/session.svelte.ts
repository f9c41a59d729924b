import type { AppView } from "../generated/AppView";
import type { CountsView } from "../generated/CountsView";
import type { NetworkView } from "../generated/NetworkView";
import { host } from "../host";
import { router } from "./router.svelte";
import { toasts } from "./toasts.svelte";

/** Sizes of everything on the screen, in percent. */
export const ZOOMS = [100, 125, 150, 175, 200];

let app = $state.raw<AppView>();
let network = $state.raw<NetworkView>();
let counts = $state.raw<CountsView>();
let systemDark = $state(false);

/** The app as a whole and its network: what the frame around every screen shows. */
export const session = {
  get app(): AppView | undefined {
    return app;
  },
  get network(): NetworkView | undefined {
    return network;
  },
  /** How many accounts are in each filter, as last told. */
  get counts(): CountsView | undefined {
    return counts;
  },
  putCounts(next: CountsView): void {
    counts = next;
  },
  get dark(): boolean {
    return isDark();
  },
  /** Puts in place what a command answered. */
  put(next: AppView): void {
    if (app && (app.phase !== next.phase || app.training !== next.training)) {
      router.reset();
      toasts.clear();
    }
    if (next.phase !== "open") [network, counts] = [undefined, undefined];
    app = next;
  },
  async refresh(): Promise<void> {
    session.put(await host().appState());
  },
  async refreshNetwork(): Promise<void> {
    if (app?.phase !== "open") return;
    network = await host().networkShow();
  },
  async lock(): Promise<void> {
    session.put(await host().vaultLock());
  },
  /** Everything on the screen in this size, now and after the next start. */
  async zoom(percent: number): Promise<void> {
    session.put(await host().zoomSet(percent));
  },
  /** One size larger or smaller; the largest and the smallest stay. */
  async zoomBy(steps: 1 | -1): Promise<void> {
    const now = ZOOMS.findLastIndex((percent) => percent <= (app?.zoom_percent ?? 100));
    const next = ZOOMS[Math.max(0, now + steps)];
    if (next !== undefined) await session.zoom(next);
  },
  async flipTheme(): Promise<void> {
    session.put(await host().themeSet(isDark() ? "light" : "dark"));
  },
};

function isDark(): boolean {
  const theme = app?.theme ?? "system";
  return theme === "dark" || (theme === "system" && systemDark);
}

/** Follows the system's theme. */
export function watchSystemTheme(): () => void {
  const query = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => (systemDark = query.matches);
  follow();
  query.addEventListener("change", follow);
  return () => query.removeEventListener("change", follow);
}
