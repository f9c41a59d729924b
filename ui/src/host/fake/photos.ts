import type { MeasureView } from "../../generated/MeasureView";
import type { PhotoView } from "../../generated/PhotoView";
import type { ReportView } from "../../generated/ReportView";
import type { Picture } from "../host";
import { NOW } from "./moments";
import { refuse } from "./refuse";

function measure(
  code: string,
  value: number,
  unit: string,
  limit: number,
  more: Partial<MeasureView> = {},
): MeasureView {
  return {
    code,
    verdict: "good",
    value,
    unit,
    limit,
    limit_is_max: false,
    gauge: 0.8,
    gauge_limit: 0.6,
    ...more,
  };
}

const CORNERS: [number, number][] = [
  [0.1514, 0.0694],
  [0.8954, 0.1392],
  [0.8633, 0.9569],
  [0.1192, 0.8871],
];

/** A good report, as on the pictures. */
export function goodReport(): ReportView {
  return {
    verdict: "good",
    code: "good",
    measures: [
      measure("resolution", 312, "dpi", 250, { gauge: 0.8, gauge_limit: 0.62 }),
      measure("sharpness", 0.86, "ratio", 0.6, { gauge: 0.86, gauge_limit: 0.6 }),
      measure("glare", 0.2, "percent", 1, { limit_is_max: true, gauge: 0.04, gauge_limit: 0.25 }),
      measure("light", 0.58, "ratio", 0.2, { gauge: 0.58, gauge_limit: 0.2 }),
      measure("tilt", 2, "degrees", 8, { limit_is_max: true, gauge: 0.2, gauge_limit: 0.8 }),
      measure("corners", 4, "count", 4, { gauge: 1, gauge_limit: 1 }),
    ],
    corners: CORNERS,
    glare: null,
  };
}

/** A report whose first measure is this one. */
function failing(verdict: string, first: MeasureView, more: Partial<ReportView> = {}): ReportView {
  const report = goodReport();
  const rest = report.measures.filter((m) => m.code !== first.code);
  return { ...report, verdict, code: first.code, measures: [first, ...rest], ...more };
}

/** A report that a person must look at: too far away. */
export function badReport(): ReportView {
  const dpi = { verdict: "bad", gauge: 0.52, gauge_limit: 0.62 };
  return failing("bad", measure("resolution", 210, "dpi", 250, dpi));
}

/** Light on the card. */
export function glareReport(): ReportView {
  const glare = { verdict: "bad", limit_is_max: true, gauge: 0.78, gauge_limit: 0.13 };
  return failing("bad", measure("glare", 6, "percent", 1, glare), {
    glare: [0.415, 0.645, 0.709, 0.8],
  });
}

/** A report that warns: usable, and better could be had. */
export function warnReport(): ReportView {
  const dpi = { verdict: "warn", gauge: 0.66, gauge_limit: 0.62 };
  return failing("warn", measure("resolution", 263, "dpi", 290, dpi));
}

const BY_FIRST_BYTES: Record<string, () => ReportView> = {
  far: badReport,
  glare: glareReport,
  warn: warnReport,
};

/** The report on a picture. The text at a file's start says what it stands for: `far`, `glare`, `heic`. */
export function judged(picture: Picture): ReportView {
  if ("rgba" in picture) return picture.width < 1000 ? badReport() : goodReport();
  const start = new TextDecoder().decode(picture.bytes.slice(0, 16)).trim();
  if (start === "") refuse("empty_file");
  if (start.startsWith("heic")) refuse("unsupported_heic");
  if (start.startsWith("pages") && picture.page === undefined) {
    refuse("several_pages", { detail: "3" });
  }
  if (start.startsWith("text")) refuse("not_an_image");
  const word = Object.keys(BY_FIRST_BYTES).find((known) => start.startsWith(known));
  return (word ? BY_FIRST_BYTES[word] : undefined)?.() ?? goodReport();
}

let counter = 0;

export function photoOf(
  document: string,
  side: string,
  report: ReportView,
  retakes = 0,
): PhotoView {
  counter += 1;
  return {
    id: `shot-${counter}`,
    document,
    side,
    report,
    retakes,
    may_override: report.verdict === "bad" && retakes >= 2,
    override_reason: null,
    licence: [],
    duplicate_of: null,
    duplicate_ms: null,
    width: 1280,
    height: 720,
    bytes: 214_000,
    format: "jpeg",
    taken_ms: NOW,
  };
}
