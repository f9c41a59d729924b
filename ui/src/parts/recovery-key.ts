// A recovery key as people write it: its beginning, and groups of four signs.

const START = "AGE-SECRET-KEY-1";
const GROUP_SIGNS = 4;
/** How many groups are asked for again. */
const ASKED = 2;

export interface Groups {
  start: string;
  groups: string[];
}

export function groupsOf(identity: string): Groups {
  const rest = identity.slice(START.length);
  const groups = rest.match(new RegExp(`.{1,${GROUP_SIGNS}}`, "g")) ?? [];
  return { start: identity.slice(0, START.length), groups };
}

/** Which groups are asked for: two different whole ones, in order. */
export function askedOf(groups: string[], chance: () => number = Math.random): number[] {
  const whole = groups.flatMap((group, place) => (group.length === GROUP_SIGNS ? [place] : []));
  const asked: number[] = [];
  while (asked.length < ASKED && whole.length > 0) {
    asked.push(...whole.splice(Math.floor(chance() * whole.length), 1));
  }
  return asked.sort((a, b) => a - b);
}

export function isGroup(group: string | undefined, typed: string): boolean {
  return group !== undefined && typed.replace(/\s/g, "").toUpperCase() === group;
}
