import type { AccountRowView } from "../../generated/AccountRowView";
import type { AccountView } from "../../generated/AccountView";
import type { AppView } from "../../generated/AppView";
import type { BannerView } from "../../generated/BannerView";
import type { ChangedView } from "../../generated/ChangedView";
import type { ConnectionView } from "../../generated/ConnectionView";
import type { DraftView } from "../../generated/DraftView";
import type { NetworkView } from "../../generated/NetworkView";
import type { OutboxView } from "../../generated/OutboxView";
import type { ProtectionView } from "../../generated/ProtectionView";
import type { SettingsView } from "../../generated/SettingsView";
import { accountOf, sixtyAccounts } from "./accounts";
import { twoConnections } from "./connections";
import { moreDrafts, sampleDraft } from "./drafts";
import { today } from "./moments";
import { NETWORKS, outboxOn } from "./outbox";
import { peopleOf, type PeopleWorld } from "./people";

/** Everything that the fake knows. Tests may change it and call `tell`. */
export interface World {
  scenario: string;
  app: AppView;
  passphrase: string;
  people: PeopleWorld;
  /** Where the secret of a vault that is made would be kept. */
  protection: ProtectionView;
  connections: ConnectionView[];
  rows: AccountRowView[];
  accounts: Map<string, AccountView>;
  drafts: Map<string, DraftView>;
  outbox: OutboxView;
  settings: SettingsView;
  offlineSince: number | null;
  /** The camera is near enough: live pictures are good. */
  near: boolean;
  /** Every command that was given, for tests. */
  calls: string[];
  listeners: Set<(changed: ChangedView) => void>;
  tell(changed?: Partial<ChangedView>): void;
}

const APP: AppView = {
  phase: "open",
  training: false,
  training_vault: false,
  operator: "Amara Osei",
  version: "1.0.0",
  locked_ms: null,
  lock_reason: null,
  recoverable: true,
  pin: false,
  reduced_protection: false,
  review_url: null,
  theme: "system",
  zoom_percent: 100,
};

const SETTINGS: SettingsView = {
  theme: "system",
  operator: "Amara Osei",
  idle_lock_s: 300,
  store_bytes: 48_200_000,
  free_bytes: 21_400_000_000,
  folder: "/home/amara/.local/share/satchel",
  version: "1.0.0",
  single_keys: true,
};

const BANNERS: Record<string, BannerView> = {
  credentials: {
    code: "credentials",
    connection: "connection-winter",
    name: "Winter",
    since_ms: today(13, 58),
    count: 2,
  },
  portal: {
    code: "intercepted",
    connection: "connection-wepay",
    name: "WePay",
    since_ms: today(14, 2),
    count: null,
  },
  disk: { code: "disk_nearly_full", connection: null, name: null, since_ms: null, count: 40 },
  "disk-full": { code: "disk_full", connection: null, name: null, since_ms: null, count: 0 },
};

const APPS: Record<string, Partial<AppView>> = {
  "first-run": { phase: "new", operator: "" },
  locked: { phase: "locked", locked_ms: today(14, 21), lock_reason: "idle" },
  training: { training: true, training_vault: true, review_url: "http://127.0.0.1:43117/review" },
};

function networkOf(scenario: string): NetworkView {
  const banner = BANNERS[scenario] ?? null;
  if (scenario === "online-slow") return NETWORKS.slow!;
  if (scenario === "training") return NETWORKS.nothing!;
  if (scenario === "empty" || scenario === "first-run") return NETWORKS.none!;
  if (scenario === "portal") return { ...NETWORKS.offline!, kind: "sign_in_needed", banner };
  return { ...NETWORKS.offline!, banner };
}

export function worldOf(scenario: string): World {
  const bare = scenario === "empty" || scenario === "first-run";
  const rows = bare ? [] : sixtyAccounts();
  const listeners = new Set<(changed: ChangedView) => void>();
  const world: World = {
    scenario,
    app: { ...APP, ...APPS[scenario] },
    passphrase: "tidal copper meadow lantern",
    people: peopleOf(),
    protection: { reduced: false, code: null },
    connections: bare ? [] : twoConnections(),
    rows,
    accounts: new Map(rows.map((row) => [row.id, accountOf(row)])),
    drafts: new Map(),
    outbox: outboxOn(networkOf(scenario)),
    settings: { ...SETTINGS },
    offlineSince: ["online-slow", "training"].includes(scenario) || bare ? null : today(14, 12),
    near: false,
    calls: [],
    listeners,
    tell: (changed = {}) =>
      listeners.forEach((listener) =>
        listener({ accounts: true, network: true, app: false, ...changed }),
      ),
  };
  for (const row of rows) {
    if (!row.draft) continue;
    world.drafts.set(row.draft, sampleDraft(row, row.draft));
    if (row.id === "balogun") moreDrafts(row).forEach((draft) => world.drafts.set(draft.id, draft));
  }
  return world;
}
