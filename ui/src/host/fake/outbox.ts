import type { NetworkView } from "../../generated/NetworkView";
import type { OutboxGroupView } from "../../generated/OutboxGroupView";
import type { OutboxItemView } from "../../generated/OutboxItemView";
import type { OutboxView } from "../../generated/OutboxView";
import { line } from "./accounts";
import { today } from "./moments";

function item(account: string, name: string, more: Partial<OutboxItemView>): OutboxItemView {
  return {
    submission: `submission-${account}`,
    account,
    name,
    provider_name: "WePay",
    what: "details",
    document: null,
    photo_number: null,
    photo_count: null,
    bytes: 4000,
    why: "no_network",
    refusal: null,
    next_ms: null,
    next_kind: "tries_at",
    who: "network",
    deadline: null,
    deadline_ms: null,
    progress: null,
    actions: ["send_now", "withdraw"],
    ...more,
  };
}

const SLOW: OutboxItemView[] = [
  item("cabot", "Cabot Cycles", {
    what: "photo",
    document: "passport",
    photo_number: 1,
    photo_count: 2,
    bytes: 1_400_000,
    why: "sending",
    next_kind: "now",
    who: "satchel",
    progress: 0.64,
    actions: [],
  }),
  item("cabot", "Cabot Cycles", {
    what: "photo",
    document: "current_utility_bill",
    photo_number: 2,
    photo_count: 2,
    bytes: 800_000,
    why: "turn",
    who: "satchel",
    actions: [],
  }),
  item("foundry", "Foundry Street Gym", {
    why: "answer_lost",
    next_ms: today(16, 7),
    next_kind: "not_before",
    who: "satchel",
    actions: [],
  }),
  item("florist", "Old Market Florist", {
    what: "documents",
    photo_count: 3,
    bytes: 2_100_000,
    why: "photos_not_asked_for",
    next_ms: today(16, 20),
    next_kind: "asks_at",
    who: "provider",
    actions: ["send_now"],
  }),
];

const OFFLINE: OutboxItemView[] = [
  item("foundry", "Foundry Street Gym", { next_ms: today(14, 32) }),
  item("cabot", "Cabot Cycles", {
    what: "photo",
    document: "passport",
    photo_number: 1,
    photo_count: 2,
    bytes: 1_400_000,
    next_ms: today(14, 32),
  }),
  item("cabot", "Cabot Cycles", {
    what: "photo",
    document: "current_utility_bill",
    photo_number: 2,
    photo_count: 2,
    bytes: 800_000,
    why: "turn",
    who: "satchel",
  }),
  item("florist", "Old Market Florist", {
    what: "documents",
    photo_count: 3,
    bytes: 900_000,
    why: "photos_not_asked_for",
    next_ms: today(14, 45),
    next_kind: "asks_at",
    who: "provider",
  }),
  item("severn", "Severn Vinyl", {
    provider_name: "Winter",
    what: "photo",
    document: "DRIVERS_LICENSE",
    photo_number: 1,
    photo_count: 2,
    bytes: 100_000,
    next_ms: today(14, 34),
  }),
];

const WINTER_PAUSED: OutboxGroupView = {
  connection: "connection-winter",
  name: "Winter",
  why: "credentials",
  since_ms: today(13, 58),
  accounts: 2,
  bytes: 1_800_000,
  items: [
    item("severn", "Severn Vinyl", {
      provider_name: "Winter",
      what: "documents",
      document: "DRIVERS_LICENSE",
      photo_count: 2,
      bytes: 1_797_000,
      why: "credentials",
      next_kind: "with_new_key",
      who: "administrator",
    }),
    item("yoga", "Harbourside Yoga", {
      provider_name: "Winter",
      bytes: 3000,
      why: "credentials",
      next_kind: "with_new_key",
      who: "administrator",
    }),
  ],
};

const SET_ASIDE: OutboxItemView[] = [
  item("tide", "Tide & Timber", {
    bytes: 3000,
    why: "set_aside",
    refusal: line("set_aside", { reason: "3012" }),
    next_kind: "after_change",
    who: "you",
    actions: ["fix", "release", "export", "withdraw"],
  }),
];

export const NETWORKS: Record<string, NetworkView> = {
  offline: {
    kind: "offline",
    waiting: 5,
    waiting_bytes: 3_200_000,
    since_ms: today(14, 12),
    banner: null,
  },
  slow: {
    kind: "online_slow",
    waiting: 7,
    waiting_bytes: 6_100_000,
    since_ms: today(14, 0),
    banner: null,
  },
  nothing: { kind: "online", waiting: 0, waiting_bytes: 0, since_ms: today(14, 0), banner: null },
  none: { kind: "no_connection", waiting: 0, waiting_bytes: 0, since_ms: null, banner: null },
};

/** What waits on a kind of network. */
export function outboxOn(network: NetworkView): OutboxView {
  const slow = network.kind === "online_slow";
  const busy = network.waiting > 0;
  return {
    items: !busy ? [] : slow ? SLOW : OFFLINE,
    groups: slow ? [WINTER_PAUSED] : [],
    set_aside: busy ? SET_ASIDE : [],
    paused: false,
    hold_photos: false,
    held_photos: busy ? 4 : 0,
    held_bytes: busy ? 4_000_000 : 0,
    network,
    answered_ms: slow ? today(14, 24, 51) : today(14, 10),
    answered_by: "WePay",
  };
}
