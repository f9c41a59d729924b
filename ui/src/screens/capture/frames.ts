// Pictures out of a running video, and when a live picture is good and steady enough.
import type { ReportView } from "../../generated/ReportView";
import type { Frame } from "../../host";

/** Live frames are judged at this width at most. */
export const LIVE_WIDTH_PX = 640;
/** A good picture must stay this long before it is taken by itself. */
export const STEADY_MS = 1000;
/** Corners that move less than this share of the frame stand still. */
const STILL = 0.02;

/** The size of a picture shrunk to a width, never enlarged. */
export function shrunk(
  width: number,
  height: number,
  most: number,
): { width: number; height: number } {
  if (width <= most) return { width, height };
  return { width: most, height: Math.max(1, Math.round((height * most) / width)) };
}

/** The video's picture now; `videoWidth` is trusted, settings are not. */
export function grab(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  most = Number.POSITIVE_INFINITY,
): Frame | null {
  if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  const { width, height } = shrunk(video.videoWidth, video.videoHeight, most);
  canvas.width = width;
  canvas.height = height;
  const drawing = canvas.getContext("2d", { willReadFrequently: true });
  if (!drawing) return null;
  drawing.drawImage(video, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  return { width, height, rgba: data, shotWidth: video.videoWidth };
}

/** Watches reports until a good one has stood still long enough. */
export class Steady {
  private since: number | null = null;
  /** After a shot the picture must change once, or the same side would be taken again. */
  private armed = true;
  private corners: [number, number][] | null = null;

  /** Takes a report; true once it has been good and still for a second. */
  seen(report: ReportView, now: number): boolean {
    const still = this.isStill(report.corners);
    this.corners = report.corners;
    if (report.verdict !== "good" || report.corners === null) {
      this.armed = true;
      this.since = null;
      return false;
    }
    if (!this.armed) return false;
    if (this.since === null || !still) this.since = now;
    return now - this.since >= STEADY_MS;
  }

  /** The picture is still the one that was shot. */
  get waiting(): boolean {
    return !this.armed;
  }

  /** Begins anew, after a shot. */
  reset(): void {
    this.armed = false;
    this.since = null;
    this.corners = null;
  }

  private isStill(next: [number, number][] | null): boolean {
    const before = this.corners;
    if (!before || !next || before.length !== next.length) return false;
    return next.every(([x, y], index) => {
      const [px, py] = before[index] ?? [x, y];
      return Math.hypot(x - px, y - py) <= STILL;
    });
  }
}

/** Asks about live frames one after the other, never two at a time. */
export class LiveJudge {
  private running = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly take: () => Frame | null,
    private readonly judge: (frame: Frame) => Promise<ReportView>,
    private readonly said: (report: ReportView) => void,
    private readonly everyMs = 160,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.next(0);
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  private next(delayMs: number): void {
    this.timer = setTimeout(() => void this.turn(), delayMs);
  }

  private async turn(): Promise<void> {
    const frame = document.hidden ? null : this.take();
    if (frame) {
      try {
        const report = await this.judge(frame);
        if (this.running) this.said(report);
      } catch {
        // A frame that cannot be judged says nothing; the next one may.
      }
    }
    if (this.running) this.next(this.everyMs);
  }
}
