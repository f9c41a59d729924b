// The frame over the live picture, by the paper's shape.

/** Width of the drawing; its height follows from the picture. */
export const DRAWN_WIDTH = 872;
const RADIUS = 20;
const ARM = 24;

export type Box = { left: number; top: number; width: number; height: number };

/** A page lies sideways in a picture that is lower than this: upright it would be too small to read. */
const PAGE_UPRIGHT_FROM_PX = 2340;

const LONG_SIDE_IN: Record<string, number> = { card: 85.6 / 25.4, passport_page: 125 / 25.4 };
const PAGE_IN = { long: 297 / 25.4, short: 210 / 25.4 };

function ratio(shape: string, video: { width: number; height: number }): number {
  if (shape === "card") return 85.6 / 54;
  if (shape === "passport_page") return 125 / 88;
  const upright = video.height >= video.width || video.height >= PAGE_UPRIGHT_FROM_PX;
  return upright ? 210 / 297 : 297 / 210;
}

/** The frame, in units of a drawing that is 872 wide. The hint above it stays clear of cards. */
export function guide(shape: string, video: { width: number; height: number }): Box {
  const drawnHeight = (DRAWN_WIDTH * video.height) / video.width;
  const wide = ratio(shape, video);
  const height = Math.min(drawnHeight * 0.79, (DRAWN_WIDTH * 0.86) / wide);
  const width = height * wide;
  const top = (drawnHeight - height) * 0.785;
  return { left: (DRAWN_WIDTH - width) / 2, top, width, height };
}

/** The four corner marks of a frame. */
export function cornerMarks({ left, top, width, height }: Box): string {
  const [right, bottom, r, arm] = [left + width, top + height, RADIUS, RADIUS + ARM];
  return [
    `M${left} ${top + arm}V${top + r}a${r} ${r} 0 0 1 ${r} ${-r}H${left + arm}`,
    `M${right - arm} ${top}H${right - r}a${r} ${r} 0 0 1 ${r} ${r}V${top + arm}`,
    `M${right} ${bottom - arm}V${bottom - r}a${r} ${r} 0 0 1 ${-r} ${r}H${right - arm}`,
    `M${left + arm} ${bottom}H${left + r}a${r} ${r} 0 0 1 ${-r} ${-r}V${bottom - arm}`,
  ].join("");
}

/** Everything but the frame, to be dimmed. */
export function outside(box: Box, drawnHeight: number): string {
  const { left, top, width, height } = box;
  const r = RADIUS;
  const hole = `M${left + r} ${top}h${width - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${height - 2 * r}a${r} ${r} 0 0 1 ${-r} ${r}h${-(width - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${-r}v${-(height - 2 * r)}a${r} ${r} 0 0 1 ${r} ${-r}Z`;
  return `M0 0H${DRAWN_WIDTH}V${drawnHeight}H0Z${hole}`;
}

/** The most dots per inch that this picture can give on a paper that fills it. */
export function reachableDpi(shape: string, video: { width: number; height: number }): number {
  const long = LONG_SIDE_IN[shape];
  if (long !== undefined) {
    return Math.min(video.width / long, (video.height / long) * ratio(shape, video));
  }
  const [a, b] = [Math.max(video.width, video.height), Math.min(video.width, video.height)];
  return Math.min(a / PAGE_IN.long, b / PAGE_IN.short);
}
