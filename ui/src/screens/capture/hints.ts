// What the live picture says, calm enough to be read.
import type { ReportView } from "../../generated/ReportView";
import { liveHint, type HintWords } from "../../text/capture";

/** Readers hear a hint at most this often. */
export const SPOKEN_EVERY_MS = 2000;

/** Changes the hint only when two reports in a row say the same. */
export class CalmHint {
  private last = "";
  private shown: { code: string; words: HintWords } | null = null;
  private spokenMs = Number.NEGATIVE_INFINITY;
  private spokenText = "";

  constructor(private readonly shape: string) {}

  /** Takes a report; answers what is shown. */
  see(report: ReportView): HintWords {
    const words = liveHint(report, this.shape);
    const settled = report.code === this.last || this.shown === null;
    if (settled || this.shown?.code === report.code) this.shown = { code: report.code, words };
    this.last = report.code;
    return this.shown?.words ?? words;
  }

  /** What readers are told now: the hint without its figures, which change too often. */
  spoken(words: HintWords, now: number): string {
    if (words.text !== this.spokenText && now - this.spokenMs >= SPOKEN_EVERY_MS) {
      this.spokenText = words.text;
      this.spokenMs = now;
    }
    return this.spokenText;
  }
}
