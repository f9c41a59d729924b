import type { AccountRowView } from "../../generated/AccountRowView";
import type { AccountsRequest } from "../../generated/AccountsRequest";
import type { AccountsView } from "../../generated/AccountsView";
import type { AppView } from "../../generated/AppView";
import type { ConnectionRequest } from "../../generated/ConnectionRequest";
import type { ConnectionView } from "../../generated/ConnectionView";
import type { CountsView } from "../../generated/CountsView";
import type { Group } from "../../generated/Group";
import { now } from "../../state/clock.svelte";
import type { Host } from "../host";
import { accountOf, line, revealed } from "./accounts";
import { PROVIDERS } from "./connections";
import { readCsv } from "./csv";
import { sampleDraft } from "./drafts";
import { people } from "./people";
import { refuse } from "./refuse";
import type { World } from "./world";
import { worldOf } from "./world";

const SUGGESTIONS = [
  "tidal copper meadow lantern",
  "orbit walnut sleeve harbour",
  "pepper glacier violin moss",
];

/** Everything but drafts and photos. */
export function fakeFrame(world: World): Omit<Host, DraftCommands | KeepingCommands> {
  return {
    ...vault(world),
    ...people(world),
    ...connections(world),
    ...accounts(world),
    ...delivery(world),
    ...rest(world),
  };
}

/** Commands about keeping and forgetting: they have a file of their own. */
export type KeepingCommands = Extract<
  keyof Host,
  `retention${string}` | `accountForget${string}` | `audit${string}`
>;

export type DraftCommands = Extract<
  keyof Host,
  `draft${string}` | `photo${string}` | "retakeStart" | "frameJudge"
>;

function changed(world: World, app: Partial<AppView>): AppView {
  world.app = { ...world.app, ...app };
  return world.app;
}

function vault(world: World) {
  return {
    appState: async () => world.app,
    vaultCreate: async (request) => {
      const { code } = world.protection;
      if (code && code !== "keychain_absent" && !request.without_keychain) refuse(code);
      if (request.passphrase.length < 12) refuse("weak_passphrase", { path: "passphrase" });
      if (!request.recovery.startsWith("age1")) refuse("bad_recovery_key", { path: "recipient" });
      world.passphrase = request.passphrase;
      return changed(world, {
        phase: "open",
        operator: request.operator,
        recoverable: true,
        reduced_protection: world.protection.reduced,
      });
    },
    vaultUnlock: async (request) => {
      if (request.passphrase !== world.passphrase) refuse("wrong_passphrase");
      return changed(world, { phase: "open", locked_ms: null, lock_reason: null });
    },
    vaultLock: async () =>
      changed(world, { phase: "locked", locked_ms: now(), lock_reason: "hand" }),
    windowUsed: async () => void world.calls.push("windowUsed"),
    passphraseSuggest: async () =>
      SUGGESTIONS[world.calls.push("passphraseSuggest") % SUGGESTIONS.length]!,
    protectionShow: async () => world.protection,
    trainingStart: async () => {
      Object.assign(world, {
        ...worldOf("training"),
        listeners: world.listeners,
        calls: world.calls,
      });
      return changed(world, { operator: "Practice" });
    },
    trainingLeave: async (erase) =>
      changed(world, { training: false, training_vault: !erase, phase: "new", review_url: null }),
    themeSet: async (theme) => changed(world, { theme }),
    zoomSet: async (zoom_percent) => changed(world, { zoom_percent }),
  } satisfies Partial<Host>;
}

function connections(world: World) {
  const find = (id: string): ConnectionView =>
    world.connections.find((c) => c.id === id) ?? refuse("unknown_connection");
  return {
    providersList: async () => PROVIDERS,
    connectionsList: async () => world.connections,
    connectionSave: async (request) => saved(world, request),
    connectionCheck: async (id) => {
      const { state } = find(id);
      const code =
        world.offlineSince !== null ? "offline" : state === "credentials" ? "credentials" : "ok";
      return { ok: code === "ok", code };
    },
    connectionPause: async (id, paused) => {
      Object.assign(find(id), { state: paused ? "paused" : "unknown", state_since_ms: now() });
      world.tell();
      return find(id);
    },
  } satisfies Partial<Host>;
}

function saved(world: World, request: ConnectionRequest): ConnectionView {
  const provider = PROVIDERS.find((p) => p.code === request.provider) ?? refuse("unknown_provider");
  const old = world.connections.find((c) => c.id === request.id);
  const view: ConnectionView = {
    id: old?.id ?? `connection-${world.connections.length + 1}`,
    provider: provider.code,
    provider_name: provider.name,
    name: request.name || provider.name,
    settings: { ...old?.settings, ...request.settings } as ConnectionView["settings"],
    credentials_set: [
      ...new Set([...(old?.credentials_set ?? []), ...Object.keys(request.credentials)]),
    ],
    has_extra_root:
      request.extra_root_pem === null
        ? (old?.has_extra_root ?? false)
        : request.extra_root_pem !== "",
    state: "unknown",
    state_since_ms: now(),
    answered_ms: old?.answered_ms ?? null,
    accounts: old?.accounts ?? 0,
  };
  world.connections = old
    ? world.connections.map((c) => (c.id === view.id ? view : c))
    : [...world.connections, view];
  world.tell();
  return view;
}

function accounts(world: World) {
  const show = (id: string) => world.accounts.get(id) ?? refuse("unknown_account");
  return {
    accountsList: async (request) => listed(world, request),
    accountShow: async (id) => show(id),
    accountAdd: async (request) => {
      if (world.rows.some((row) => row.remote_id === request.remote_id))
        refuse("already_here", { path: "remote_id" });
      const row = added(world, request.remote_id, request.name, request.connection);
      world.tell();
      return row;
    },
    accountsPreview: async (request) => readCsv(request.csv, world.rows),
    accountsImport: async (request) => {
      const view = readCsv(request.csv, world.rows);
      view.good.forEach((good) => added(world, good.remote_id, good.name, request.connection));
      world.tell();
      return view;
    },
    accountWatch: async (id) => void world.calls.push(`accountWatch ${id}`),
    accountReveal: async (id) => {
      world.calls.push(`accountReveal ${id}`);
      return revealed(show(id).details);
    },
  } satisfies Partial<Host>;
}

function added(world: World, remote_id: string, name: string, connection: string): AccountRowView {
  const on = world.connections.find((c) => c.id === connection);
  const row: AccountRowView = {
    id: `added-${remote_id}`,
    name,
    provider: on?.provider ?? "wepay",
    provider_name: on?.provider_name ?? "WePay",
    connection,
    remote_id,
    group: "not_started",
    line: line("not_started"),
    action: "start",
    at_ms: null,
    as_of_ms: null,
    draft: null,
  };
  world.rows = [...world.rows, row];
  world.accounts.set(row.id, accountOf(row));
  return row;
}

const ORDER: Group[] = [
  "needs_you",
  "waiting",
  "draft",
  "in_review",
  "not_started",
  "verified",
  "forgotten",
];

async function listed(world: World, request: AccountsRequest): Promise<AccountsView> {
  if (world.scenario === "broken") refuse("store_failed", { detail: "SQLITE_IOERR" });
  if (world.scenario === "slow") await new Promise(() => undefined);
  const text = request.search.trim().toLowerCase();
  const rows = world.rows
    .filter((row) => request.filter === null || row.group === request.filter)
    .filter((row) => `${row.name} ${row.remote_id}`.toLowerCase().includes(text))
    .sort((a, b) => ORDER.indexOf(a.group) - ORDER.indexOf(b.group));
  const stale = rows.flatMap((row) => (row.as_of_ms === null ? [] : [row.as_of_ms]));
  const of = (group: Group) => rows.filter((row) => row.group === group);
  const most = request.most ?? Infinity;
  return {
    rows: ORDER.flatMap((group) => of(group).slice(0, most)),
    groups: ORDER.map((group) => ({ group, total: of(group).length })).filter((g) => g.total > 0),
    counts: counted(world),
    as_of_ms: stale.length > 0 ? Math.min(...stale) : null,
    offline_since_ms: world.offlineSince,
  };
}

function counted(world: World): CountsView {
  const of = (group: Group) => world.rows.filter((row) => row.group === group).length;
  return {
    all: world.rows.length,
    needs_you: of("needs_you"),
    waiting: of("waiting"),
    in_review: of("in_review"),
    verified: of("verified"),
    drafts: of("draft"),
    forgotten: of("forgotten"),
    outbox: world.outbox.network.waiting,
  };
}

function delivery(world: World) {
  const note =
    (call: string) =>
    async (...args: unknown[]) => {
      world.calls.push(`${call} ${args.map((arg) => JSON.stringify(arg)).join(" ")}`);
      world.tell();
    };
  return {
    networkShow: async () => world.outbox.network,
    outboxShow: async () => world.outbox,
    outboxSendNow: note("outboxSendNow"),
    outboxPause: async (paused) => {
      world.outbox = { ...world.outbox, paused };
      world.tell();
    },
    outboxHoldPhotos: async (hold) => {
      world.outbox = { ...world.outbox, hold_photos: hold };
      world.tell();
    },
    submissionWithdraw: note("submissionWithdraw"),
    submissionLighten: note("submissionLighten"),
    submissionRelease: note("submissionRelease"),
    submissionExport: async ({ submission, passphrase, folder }) => {
      if (!world.app.training && passphrase !== world.passphrase) refuse("wrong_passphrase");
      if (folder.endsWith("taken")) refuse("folder_exists", { path: "folder" });
      world.calls.push(`submissionExport ${submission} ${folder}`);
      world.tell();
      return { folder, photos: 2, bytes: 1_400_000 };
    },
    submissionExportPlace: async () => "/home/amara/Documents/satchel-1091778617-2025-11-02",
    submissionCorrect: note("submissionCorrect"),
    submissionAnswers: async () => {
      const row = world.rows[0] ?? refuse("unknown_submission");
      return sampleDraft(row, "answers").sections;
    },
  } satisfies Partial<Host>;
}

function rest(world: World) {
  return {
    settingsShow: async () => world.settings,
    settingPut: async ({ key, value }) => {
      const parsed =
        key === "single_keys" ? value === "yes" : key === "idle_lock_s" ? Number(value) : value;
      world.settings = { ...world.settings, [key]: parsed };
      if (key === "theme" || key === "operator") changed(world, { [key]: value });
      world.tell({ app: true });
      return world.settings;
    },
    onChanged: (listener) => {
      world.listeners.add(listener);
      return () => void world.listeners.delete(listener);
    },
    setTitle: (title) => {
      document.title = title;
    },
    zoom: (percent) => void world.calls.push(`zoom ${percent}`),
    reviewOpen: async () => void world.calls.push("reviewOpen"),
  } satisfies Partial<Host>;
}
