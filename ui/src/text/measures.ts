import type { MeasureView } from "../generated/MeasureView";
import { isOneOf, MEASURES, type MeasureCode } from "./codes";
import { decimal, withUnit } from "./format";

export const MEASURE_NAMES: Record<MeasureCode, string> = {
  resolution: "Resolution",
  sharpness: "Sharpness",
  glare: "Glare",
  light: "Light",
  contrast: "Contrast",
  tilt: "Tilt",
  corners: "Corners",
  fill: "Fills frame",
  colour: "Colour",
};

/** "210 dpi", "0.86", "2°", "4" */
export function measureValue(value: number, unit: string): string {
  switch (unit) {
    case "dpi":
      return withUnit(decimal(value, 0), "dpi");
    case "percent":
      return withUnit(decimal(value, value < 1 && value > 0 ? 1 : 0), "%");
    case "degrees":
      return `${decimal(value, 0)}°`;
    case "count":
      return decimal(value, 0);
    default:
      return decimal(value, 2);
  }
}

export interface MeasureWords {
  name: string;
  value: string;
  limit: string;
}

export function measureWords(measure: MeasureView): MeasureWords {
  const name = isOneOf(MEASURES, measure.code) ? MEASURE_NAMES[measure.code] : measure.code;
  if (measure.value === null) return { name, value: "–", limit: "" };
  const bare = measure.unit === "dpi" ? "count" : measure.unit;
  const limit = measureValue(measure.limit, bare);
  const how = measure.unit === "count" ? "of" : measure.limit_is_max ? "max" : "min";
  return { name, value: measureValue(measure.value, measure.unit), limit: `${how} ${limit}` };
}
