// A draft while a person fills it in: what was typed is shown at once and saved in short order.
import type { ApiError } from "../../generated/ApiError";
import type { DraftView } from "../../generated/DraftView";
import type { FieldView } from "../../generated/FieldView";
import type { FindingView } from "../../generated/FindingView";
import { asApiError, host } from "../../host";
import { afterPress, pointerAtRest } from "../../state/pointer";
import { allFields, stepFields } from "./fields";

/** Typing is saved once the keys rest for this long. */
export const SAVE_AFTER_MS = 300;
/** A save that failed is tried again after this long. */
const RETRY_AFTER_MS = 3000;

export class DraftSession {
  view = $state.raw<DraftView>() as DraftView;
  /** Answers newer than what is saved. */
  private typed = $state<Record<string, string>>({});
  /** Questions that were left once: their findings are shown from then on. */
  private left = $state<Record<string, true>>({});
  saving = $state(false);
  error = $state.raw<ApiError | null>(null);

  private timer: ReturnType<typeof setTimeout> | undefined;
  private line: Promise<unknown> = Promise.resolve();
  private byPath = $derived(new Map(allFields(this.view).map((field) => [field.path, field])));

  constructor(view: DraftView) {
    this.view = view;
    for (const field of allFields(view)) {
      if (field.value !== "") this.left[field.path] = true;
    }
  }

  /** Whether something typed is not saved yet. */
  get unsaved(): boolean {
    return Object.keys(this.typed).length > 0;
  }

  field(path: string): FieldView | undefined {
    return this.byPath.get(path);
  }

  /** The answer as it stands on the screen. */
  value = (path: string): string => this.typed[path] ?? this.byPath.get(path)?.value ?? "";

  /** What is shown about an answer: only once its question was left. */
  findings = (path: string): FindingView[] =>
    this.left[path] ? this.view.findings.filter((finding) => finding.path === path) : [];

  /** Things of a step that block and are shown. */
  shownFaults(step: string): FindingView[] {
    return this.faults(step).filter((finding) => this.left[finding.path]);
  }

  /** Things of a step that block, shown or not. */
  faults(step: string): FindingView[] {
    const paths = new Set(stepFields(this.view, step).map((field) => field.path));
    const prefix = step === "owners" ? this.view.owners?.prefix : undefined;
    return this.view.findings.filter((f) => f.blocks && (paths.has(f.path) || f.path === prefix));
  }

  type = (path: string, value: string): void => {
    this.typed[path] = value;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  };

  leave = (path: string): void => {
    if (this.unsaved) void this.save();
    // What is found pushes the rest down: not under a finger that is about to lift.
    afterPress(() => (this.left[path] = true));
  };

  /** Shows everything that a step lacks. */
  showAll(step: string): void {
    for (const field of stepFields(this.view, step)) this.left[field.path] = true;
    if (step === "owners" && this.view.owners) this.left[this.view.owners.prefix] = true;
  }

  /** Saves what is not saved yet, after whatever is under way. Never throws. */
  save = (): Promise<void> => {
    clearTimeout(this.timer);
    return this.queue(() => this.saveNow());
  };

  /** Runs a command after everything typed was saved, and shows what it answers. */
  async change(command: (id: string) => Promise<DraftView>): Promise<boolean> {
    clearTimeout(this.timer);
    let done = false;
    // In one go: what is asked for next, such as to seal, finds it done.
    await this.queue(async () => {
      await this.saveNow();
      if (this.unsaved) return;
      try {
        this.view = await command(this.view.id);
        this.error = null;
        done = true;
      } catch (thrown) {
        this.error = asApiError(thrown);
      }
    });
    return done;
  }

  /** Chooses kind and country; they decide what is asked. */
  async choose(kind: string, country: string): Promise<void> {
    await this.change((id) => host().draftWho(id, kind, country));
  }

  /** Adds a further owner: it begins with the country, which is nearly always the same. */
  async addOwner(): Promise<boolean> {
    const { owners, who } = this.view;
    if (!owners || owners.owners.length >= owners.max) return false;
    const country = owners.template.find((field) => field.kind === "country");
    const path = country?.path ?? `${owners.prefix}.${owners.owners.length}.address.country`;
    return this.change(async (id) => {
      if (owners.none) await host().draftNoOwners(id, false);
      return host().draftAnswer(id, [{ path, value: who?.country ?? "US" }]);
    });
  }

  /** Keeps where the person is, so that the draft opens there again, whatever happens meanwhile. */
  async reached(step: string): Promise<void> {
    if (this.view.step === step) await this.save();
    else await this.change((id) => host().draftStep(id, step));
  }

  async removeOwner(index: number): Promise<boolean> {
    const prefix = `${this.view.owners?.prefix ?? ""}.`;
    const removed = await this.change((id) => host().draftOwnerRemove(id, index));
    if (removed) {
      // What was left moves up by one with the owners behind the one that went.
      for (const path of Object.keys(this.left)) {
        if (path.startsWith(prefix)) delete this.left[path];
      }
      for (const field of stepFields(this.view, "owners")) {
        if (field.value !== "") this.left[field.path] = true;
      }
    }
    return removed;
  }

  private queue(work: () => Promise<void>): Promise<void> {
    const next = this.line.then(work);
    this.line = next;
    return next;
  }

  private async saveNow(): Promise<void> {
    const sent = { ...this.typed };
    const answers = Object.entries(sent).map(([path, value]) => ({ path, value }));
    if (answers.length === 0) return;
    this.saving = true;
    try {
      const view = await host().draftAnswer(this.view.id, answers);
      await pointerAtRest();
      this.view = view;
      for (const [path, value] of Object.entries(sent)) {
        if (this.typed[path] === value) delete this.typed[path];
      }
      this.error = null;
    } catch (thrown) {
      this.error = asApiError(thrown);
      this.timer = setTimeout(() => void this.save(), RETRY_AFTER_MS);
    } finally {
      this.saving = false;
    }
  }

  /** Ends the timers; what is typed is saved first. */
  async close(): Promise<void> {
    await this.save();
    clearTimeout(this.timer);
  }
}
