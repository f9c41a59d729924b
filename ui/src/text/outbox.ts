import type { OutboxItemView } from "../generated/OutboxItemView";
import {
  ACTORS,
  DEADLINES,
  isOneOf,
  NEXT_KINDS,
  WHYS,
  type Actor,
  type DeadlineCode,
  type NextKind,
  type Why,
} from "./codes";
import { documentInSentence, documentName } from "./documents";
import { words } from "./en";
import { left, sizeOf, size, whenExactly } from "./format";
import { lineWords } from "./lines";

type Say = (item: OutboxItemView) => string;

/** Why it waits, as a sentence. */
export const WHY_WORDS: Record<Why, Say> = {
  turn: (i) =>
    i.document
      ? `The ${documentInSentence(i.document)} goes when its turn comes`
      : "Goes when its turn comes",
  sending: (i) =>
    words.outbox.sending(
      i.progress === null ? size(i.bytes) : sizeOf(i.progress * i.bytes, i.bytes),
    ),
  no_network: () => "No network",
  intercepted: (i) =>
    `The network wants a sign-in. Nothing was sent to whoever answered for ${i.provider_name}.`,
  clock: (i) =>
    `${i.provider_name}’s certificate is not valid at this device’s time. Check the clock.`,
  throttled: (i) => `${i.provider_name} asked to wait`,
  server_trouble: (i) => `${i.provider_name} has trouble`,
  answer_lost: (i) =>
    `The answer got lost. Asking ${i.provider_name} what it received, so that nothing is sent twice.`,
  fence: (i) =>
    `An unused draft at ${i.provider_name} must expire first, so that nothing is sent twice.`,
  photos_not_asked_for: (i) => `${i.provider_name} takes photos only once it asks for them`,
  in_review: (i) => `In review at ${i.provider_name}`,
  credentials: (i) => `${i.provider_name} does not accept this device’s key. The account is fine.`,
  paused: () => "Paused by hand",
  photos_held: () => "Photos are held on this network",
  person: () => "Waits for you",
  set_aside: (i) => `${i.provider_name} refused it three times`,
  finished: () => "Nothing more is to be done",
};

export function whyWords(item: OutboxItemView): string {
  if (item.refusal) return refusalWords(item);
  return isOneOf(WHYS, item.why) ? WHY_WORDS[item.why](item) : item.why.replaceAll("_", " ");
}

function refusalWords(item: OutboxItemView): string {
  const line = item.refusal;
  if (!line) return "";
  const said = lineWords(line);
  return item.why === "set_aside"
    ? said.next(line, item.provider_name).title
    : said.row(line, item.provider_name);
}

export const ACTOR_WORDS: Record<Actor, Say> = {
  satchel: () => "Satchel",
  network: () => "Network",
  you: () => "You",
  administrator: () => "Administrator",
  provider: (i) => i.provider_name,
};

export function actorWords(item: OutboxItemView): string {
  return isOneOf(ACTORS, item.who) ? ACTOR_WORDS[item.who](item) : item.who;
}

/** The next try: a first line, and a second where there is one. */
export const NEXT_WORDS: Record<NextKind, (when: string, left?: string) => [string, string?]> = {
  tries_at: (when) => (when ? [when] : [words.outbox.inThisRun]),
  not_before: (when, left) => [when, left ? `not before · ${left}` : "not before"],
  asks_at: (when) => [when, "asks again"],
  now: () => ["Now"],
  after_change: () => ["After a change"],
  with_new_key: () => ["With a new key"],
  when_resumed: () => ["When resumed"],
  when_released: () => ["When let go"],
};

export function nextTry(item: OutboxItemView, now?: number): [string, string?] {
  const at = item.next_ms;
  const when = at === null ? "" : whenExactly(at);
  const wait = at === null || now === undefined || at <= now ? undefined : left(at - now);
  return isOneOf(NEXT_KINDS, item.next_kind) ? NEXT_WORDS[item.next_kind](when, wait) : [when];
}

/** What is begun at the provider, until when it lasts, and what happens after. */
export const DEADLINE_WORDS: Record<DeadlineCode, (p: string, until: string) => string> = {
  authorize: (p, until) =>
    `${p} keeps the details as a draft until ${until}. After that Satchel waits and sends them anew.`,
  attach: (p, until) =>
    `${p} keeps the photos that it has until ${until}. After that they are sent again.`,
};

/** A deadline close enough to be told even while it is being met. */
const SOON_MS = 10 * 60_000;

/** The time left for what is begun at the provider, where somebody may have to act in it. */
export function deadlineWords(item: OutboxItemView, now: number): string {
  const { deadline, deadline_ms: at } = item;
  if (deadline === null || at === null || at <= now || !isOneOf(DEADLINES, deadline)) return "";
  // Whether it counted is being asked: what would follow if it did not is no news yet.
  if (item.why === "answer_lost") return "";
  const going = ["sending", "turn"].includes(item.why);
  if (going && at - now > SOON_MS) return "";
  const until = `${whenExactly(at)}, ${left(at - now)} left`;
  return DEADLINE_WORDS[deadline](item.provider_name, until);
}

/** "Passport · photo 1 of 2 · 1.4 MB" */
export function whatWords(item: OutboxItemView): string {
  const parts: string[] = [];
  if (item.document) parts.push(documentName(item.document));
  if (item.photo_number !== null && item.photo_count !== null) {
    parts.push(words.outbox.photoOf(item.photo_number, item.photo_count));
  } else if (item.what === "documents" && item.photo_count !== null) {
    parts.push(words.outbox.sealedPhotos(item.photo_count));
  } else if (!item.document) {
    parts.push(words.outbox.what[item.what] ?? item.what);
  }
  if (item.bytes > 0) parts.push(size(item.bytes));
  return parts.join(" · ");
}
