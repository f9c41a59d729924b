import type { MeasureView } from "../generated/MeasureView";
import { isOneOf, MEASURES, type MeasureCode } from "./codes";
import { decimal, withUnit } from "./format";

export const MEASURE_NAMES: Record<MeasureCode, string> = {
  resolution: "Resolution",
  sharpness: "Sharpness",
  glare: "Glare",
  light: "Light",
  brightness: "Light",
  contrast: "Contrast",
  tilt: "Tilt",
  document: "Edges",
  corners: "Corners",
  fill: "Fills frame",
  colour: "Colour",
};

/** Levels of brightness go from 0 to 255. */
const LEVEL_MAX = 255;
const CORNERS = 4;

/** "210 dpi", "0.86", "2°", "4", "120 µm" */
export function measureValue(value: number, unit: string): string {
  switch (unit) {
    case "dpi":
      return withUnit(decimal(value, 0), "dpi");
    case "percent":
      return withUnit(decimal(value, value < 10 && !Number.isInteger(value) ? 1 : 0), "%");
    case "share":
      return measureValue(Math.round(value * 1000) / 10, "percent");
    case "level":
      return measureValue(Math.round((value / LEVEL_MAX) * 100), "percent");
    case "micrometres":
      return withUnit(decimal(value, 0), "µm");
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
  if (measure.code === "document") return { name, value: "found", limit: "" };
  if (measure.code === "corners" && measure.limit_is_max) {
    // The app counts corners that are cut off; people count those in view.
    return { name, value: decimal(CORNERS - measure.value, 0), limit: `of ${CORNERS}` };
  }
  const bare = measure.unit === "dpi" ? "count" : measure.unit;
  const limit = measureValue(measure.limit, bare);
  const how = measure.unit === "count" ? "of" : measure.limit_is_max ? "max" : "min";
  return { name, value: measureValue(measure.value, measure.unit), limit: `${how} ${limit}` };
}
