import type { AccountRowView } from "../../generated/AccountRowView";
import type { AccountsView } from "../../generated/AccountsView";
import type { Group } from "../../generated/Group";
import { lineWords, words } from "../../text";
import { isOneOf, ROW_ACTIONS } from "../../text/codes";
import { left, when, whenExactly } from "../../text/format";

/** Rows of a group that stand under "All", before "Show all". */
export const SHOWN_OF_ALL: Partial<Record<Group, number>> = {
  draft: 2,
  not_started: 3,
  waiting: 3,
  in_review: 2,
  verified: 2,
  forgotten: 2,
};

/** Rows of a group that are asked for at first, and again each time the end comes near. */
export const STEP = 100;

export interface Grouped {
  group: Group;
  total: number;
  rows: AccountRowView[];
}

/** The list under its headings. Under "All" only the first rows of what can wait are shown. */
export function grouped(view: AccountsView | undefined, short: boolean): Grouped[] {
  return (view?.groups ?? []).map(({ group, total }) => {
    const own = view?.rows.filter((row) => row.group === group) ?? [];
    const most = short ? SHOWN_OF_ALL[group] : undefined;
    return { group, total, rows: most ? own.slice(0, most) : own };
  });
}

/** The time at the end of a row: "tries at 14:32", "since 1 Nov", "14:06". */
export function rowTime(row: AccountRowView): string | undefined {
  if (row.at_ms === null) return undefined;
  const at = when(row.at_ms);
  switch (lineWords(row.line).time) {
    case "none":
      return undefined;
    case "at":
      return at;
    case "tries":
      return words.list.tries(at);
    case "asks":
      return words.list.asks(at);
    case "since":
      return words.list.since(at);
    case "not_before":
      return words.list.notBefore(at);
  }
}

/** What the person does next, where a person must act. */
export function rowWord(row: AccountRowView): string | undefined {
  const acts = row.action && isOneOf(ROW_ACTIONS, row.action) ? row.action : undefined;
  return acts && words.rowAction[acts];
}

/** When Satchel goes on by itself, as a sentence; empty when there is no time to tell. */
export function nextTryWords(row: AccountRowView, now: number): string {
  if (row.at_ms === null) return "";
  const at = whenExactly(row.at_ms);
  switch (lineWords(row.line).time) {
    case "tries":
      return words.detail.tries(at);
    case "asks":
      return words.detail.asks(at);
    case "not_before":
      return words.detail.notBefore(at, row.at_ms > now ? left(row.at_ms - now) : "");
    case "none":
    case "at":
    case "since":
      return "";
  }
}
