import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const [light = "", dark = ""] = css.split('[data-theme="dark"] {');

type Rgb = [number, number, number];

/** A token's colour in linear light. */
function colour(theme: string, name: string): Rgb {
  const match = new RegExp(`--${name}: oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)`).exec(theme);
  if (!match) throw new Error(`no token ${name}`);
  const [lightness = 0, chroma = 0, hue = 0] = match.slice(1).map(Number);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb: Rgb = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return rgb.map((part) => Math.min(1, Math.max(0, part))) as Rgb;
}

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(theme: string, on: string, ground: string): number {
  const [one, other] = [luminance(colour(theme, on)), luminance(colour(theme, ground))];
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

const STATES = ["needs", "wait", "review", "good", "bad"];
const GROUNDS = ["sunken", "canvas", "surface"];

describe.each([
  ["light", light],
  ["dark", dark],
])("in the %s theme", (_name, theme) => {
  it.each(["text", "text-2", "text-3", "accent-text", ...STATES.map((s) => `${s}-text`)])(
    "%s reads 4.5 : 1 on every surface",
    (token) => {
      for (const ground of GROUNDS)
        expect(contrast(theme, token, ground), ground).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(STATES)(
    "the words of %s read 4.5 : 1 on their own ground, and its mark stands out 3 : 1",
    (state) => {
      expect(contrast(theme, `${state}-text`, `${state}-soft`)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(theme, "text-2", `${state}-soft`)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(theme, `${state}-mark`, "surface")).toBeGreaterThanOrEqual(3);
    },
  );

  it("buttons, fields and the focus can be told from what lies behind them", () => {
    for (const ground of ["accent", "accent-hover", "accent-press"])
      expect(contrast(theme, "on-accent", ground)).toBeGreaterThanOrEqual(4.5);
    for (const ground of ["surface", "canvas"])
      expect(contrast(theme, "line-control", ground)).toBeGreaterThanOrEqual(3);
    for (const ground of [...GROUNDS, "accent-soft"])
      expect(contrast(theme, "focus", ground)).toBeGreaterThanOrEqual(3);
  });

  it("a selected row still reads", () => {
    for (const token of ["text", "text-2"])
      expect(contrast(theme, token, "accent-soft")).toBeGreaterThanOrEqual(4.5);
  });
});
