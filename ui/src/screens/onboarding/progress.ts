// Where a person was in a draft, so that coming back from a photo goes on there. Holds no answers.

type Progress = { step: string; seen: Set<string> };

const drafts = new Map<string, Progress>();

/** Where the person was, in this run. */
export function progressOf(draft: string): Progress | undefined {
  return drafts.get(draft);
}

/** Remembers the step on the screen, and that it was seen. */
export function reach(draft: string, step: string, before: readonly string[] = []): Set<string> {
  const seen = new Set([...(drafts.get(draft)?.seen ?? []), ...before, step]);
  drafts.set(draft, { step, seen });
  return seen;
}

/** Forgets a draft that was sealed or deleted. */
export function forget(draft: string): void {
  drafts.delete(draft);
}
