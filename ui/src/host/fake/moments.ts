// The fake's day: 2 November, 14:26, as on the pictures.

/** A moment of that year, in the person's own time zone. */
export function moment(
  day: number,
  month: number,
  hour: number,
  minute: number,
  second = 0,
): number {
  return new Date(2025, month - 1, day, hour, minute, second).getTime();
}

export const NOW = moment(2, 11, 14, 26);
/** Today at that time. */
export const today = (hour: number, minute: number, second = 0) =>
  moment(2, 11, hour, minute, second);
