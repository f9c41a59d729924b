import type { ApiError } from "../generated/ApiError";
import type { ChangedView } from "../generated/ChangedView";
import { asApiError, host } from "../host";

/** Nothing is drawn for a wait shorter than this. */
const SLOW_AFTER_MS = 300;

export interface Live<T> {
  /** What is known; stays while the new comes. */
  readonly value: T | undefined;
  /** Why the last question was refused. */
  readonly error: ApiError | undefined;
  /** Nothing is known yet and the wait is long enough to be seen. */
  readonly slow: boolean;
  /** Asks again. */
  refresh(): Promise<void>;
  /** Puts in place what a command answered. */
  put(value: T): void;
}

/**
 * Something that the app knows, asked again whenever it says that one of `kinds` changed.
 * Call it while a component is made; `ask` may read reactive values.
 */
export function live<T>(ask: () => Promise<T>, kinds: (keyof ChangedView)[]): Live<T> {
  let value = $state.raw<T>();
  let error = $state.raw<ApiError>();
  let slow = $state(false);
  let latest = 0;

  async function run(): Promise<void> {
    const mine = ++latest;
    const timer = setTimeout(() => mine === latest && (slow = value === undefined), SLOW_AFTER_MS);
    try {
      const answer = await ask();
      if (mine === latest) {
        value = answer;
        error = undefined;
      }
    } catch (thrown) {
      if (mine === latest) error = asApiError(thrown);
    } finally {
      clearTimeout(timer);
      if (mine === latest) slow = false;
    }
  }

  $effect(() => {
    void run();
    return () => void (latest += 1);
  });
  $effect(() =>
    host().onChanged((changed) => {
      if (kinds.some((kind) => changed[kind])) void run();
    }),
  );

  return {
    get value() {
      return value;
    },
    get error() {
      return error;
    },
    get slow() {
      return slow;
    },
    refresh: run,
    put(next: T) {
      latest += 1;
      value = next;
      error = undefined;
      slow = false;
    },
  };
}
