// Words for taking photos: what the checks say and what to do, live hints, cameras, reasons.
import type { MeasureView } from "../generated/MeasureView";
import type { PhotoView } from "../generated/PhotoView";
import type { ReportView } from "../generated/ReportView";
import { documentInSentence, documentName, purposeName, sideName } from "./documents";
import { measureValue, MEASURE_NAMES } from "./measures";

// ── Papers ──────────────────────────────────────────────────────────────────────────────────────

const HINTS: Record<string, string> = {
  passport: "The page with the photo.",
  drivers_license: "Front and back.",
  state_license: "Front and back.",
  other_government_issued_photo_id: "A card with a photo from a public authority.",
  current_lease_contract: "The page with names, address and date.",
  current_utility_bill: "Gas, water, power or phone, with name, address and date.",
  current_bank_statement: "The first page. Amounts may be covered.",
  current_local_tax_bill: "Name, address and year in view.",
  mortgage_statement: "The first page, with name and address.",
  evidence_of_corporate_registration: "Certificate or articles, with the registered name.",
  evidence_of_nonprofit_registration: "The letter that grants the status.",
  evidence_of_authority: "A letter or resolution that names this person.",
};

/** What to photograph, where it needs saying. */
export function documentHint(kind: string): string {
  return HINTS[kind.toLowerCase()] ?? "";
}

const TASKS: Record<string, string> = {
  identity: "Photograph an identity document",
  address: "Photograph a proof of address",
  national_number: "Photograph a proof of the national number",
  entity: "Photograph a proof that the business exists",
  authority: "Photograph a proof of authority",
};

/** What to do while no paper of this purpose is there. */
export function purposeTask(purpose: string): string {
  return TASKS[purpose] ?? `Photograph: ${purposeName(purpose).toLowerCase()}`;
}

/** "Photograph the back of the driving licence" */
export function sideTask(kind: string, side: string): string {
  return `Photograph the ${sideName(side).toLowerCase()} of the ${documentInSentence(kind)}`;
}

/** "Take the driving licence again" */
export function retakeTask(kind: string): string {
  return `Take the ${documentInSentence(kind)} again`;
}

/** A side as it is called on a paper: one that has but one side has a page. */
export function sideLabel(side: string, sides: readonly string[], shape: string): string {
  if (sides.length > 1) return sideName(side);
  if (shape === "passport_page") return "Photo page";
  return shape === "page" ? "Page" : sideName(side);
}

/** What a paper of this shape is called in advice. */
export function shapeNoun(shape: string): string {
  if (shape === "card") return "card";
  return shape === "passport_page" ? "page" : "paper";
}

/** Text alternative of a photo: its type, side and verdict. */
export function photoAlt(photo: PhotoView, shape = ""): string {
  const verdict = verdictWords(photo.report, shape).title.toLowerCase();
  return `${documentName(photo.document)}, ${sideName(photo.side).toLowerCase()}: ${verdict}`;
}

// ── What the checks say ─────────────────────────────────────────────────────────────────────────

export type VerdictWords = { title: string; advice: string };

function measureOf(report: ReportView, code: string): MeasureView | undefined {
  return report.measures.find((measure) => measure.code === code);
}

/** The code that titles a report. One that warns without a failing measure found no edges. */
function codeOf(report: ReportView): string {
  if (report.code === "good" && report.verdict !== "good") return "document";
  return report.code === "light" ? "brightness" : report.code;
}

/** The measures that are shown: the usual six, and whatever failed. */
export function shownMeasures(report: ReportView): MeasureView[] {
  return report.measures.filter(
    ({ code, verdict }) => USUAL.has(code) || verdict === "bad" || verdict === "warn",
  );
}

const USUAL = new Set([
  "resolution",
  "sharpness",
  "glare",
  "light",
  "brightness",
  "tilt",
  "corners",
]);

function unmeasured(measure: MeasureView | undefined): boolean {
  return !measure || measure.value === null || measure.verdict === "not_measured";
}

type Say = (report: ReportView, noun: string, measure: MeasureView | undefined) => VerdictWords;

const VERDICTS: Record<string, Say> = {
  good: (_, noun) => ({ title: "Good", advice: `Everything on the ${noun} can be read.` }),
  resolution: resolutionWords,
  sharpness: () => ({
    title: "Blurred",
    advice: "Rest your elbows on the table and hold still.",
  }),
  glare: (_, noun) => ({
    title: `Glare on the ${noun}`,
    advice: `Tilt the ${noun} away from the lamp, or turn your back to the lamp.`,
  }),
  brightness: (_, __, measure) =>
    measure?.limit_is_max
      ? { title: "Too bright", advice: "Move out of direct light." }
      : { title: "Too dark", advice: "Turn on a lamp, or go nearer to a window." },
  contrast: (_, noun) => ({
    title: "Too pale",
    advice: `Use even light: no shadow, no lamp behind the ${noun}.`,
  }),
  tilt: (_, noun) => ({ title: "Tilted", advice: `Hold the camera straight above the ${noun}.` }),
  document: edgesWords,
  corners: (report, noun, measure) =>
    unmeasured(measure)
      ? edgesWords(report, noun)
      : {
          title: "A corner is cut off",
          advice: "Move back until all four corners are in view.",
        },
  fill: (_, noun) => ({
    title: "Small in the picture",
    advice: `Move closer until the ${noun} fills the frame.`,
  }),
  colour: () => ({ title: "No colour", advice: "Take it in colour. Black and white is refused." }),
};

function edgesWords(_: ReportView, noun: string): VerdictWords {
  return {
    title: "The edges were not found",
    advice: `Lay the ${noun} on a plain, darker ground, with all four corners in view.`,
  };
}

function resolutionWords(
  report: ReportView,
  noun: string,
  measure: MeasureView | undefined,
): VerdictWords {
  if (!measure || measure.value === null || unmeasured(measure)) {
    return {
      title: "Size not measured",
      advice: `The edges of the ${noun} were not found. See that the small print can be read.`,
    };
  }
  const dpi = measureValue(measure.value, "dpi");
  return report.verdict === "bad"
    ? {
        title: "Too small to read",
        advice: `Move closer: ${dpi}, needs ${Math.round(measure.limit)}.`,
      }
    : { title: "Small print may be lost", advice: `It has ${dpi}. Closer is better.` };
}

/** What a verdict is called, and what to do about it: the failing measure in words. */
export function verdictWords(report: ReportView, shape: string): VerdictWords {
  const code = codeOf(report);
  const say = VERDICTS[code];
  const name = (MEASURE_NAMES as Record<string, string>)[code] ?? code;
  return say
    ? say(report, shapeNoun(shape), measureOf(report, report.code))
    : { title: name, advice: "Look at the photo before you use it." };
}

// ── Live ────────────────────────────────────────────────────────────────────────────────────────

export type HintWords = { text: string; detail: string };

type Hint = (noun: string, measure: MeasureView | undefined) => HintWords;

const plainHint =
  (text: string, detail = ""): Hint =>
  () => ({ text, detail });

function putIn(noun: string): HintWords {
  return {
    text: `Put the ${noun} in the frame`,
    detail: noun === "paper" ? "lay it sideways" : "",
  };
}

const LIVE: Record<string, Hint> = {
  good: plainHint("Hold still"),
  resolution: (noun, measure) =>
    !measure || measure.value === null || unmeasured(measure)
      ? putIn(noun)
      : {
          text: "Move closer",
          detail: `${measureValue(measure.value, "dpi")}, needs ${Math.round(measure.limit)}`,
        },
  fill: plainHint("Move closer"),
  sharpness: plainHint("Hold still", "it is blurred"),
  glare: (noun) => ({ text: `Tilt the ${noun} a little`, detail: "light is shining on it" }),
  brightness: (_, measure) => ({
    text: measure?.limit_is_max ? "Less light" : "More light",
    detail: "",
  }),
  contrast: plainHint("Even light, no shadow"),
  tilt: plainHint("Hold the camera straight"),
  corners: (noun, measure) =>
    unmeasured(measure) ? putIn(noun) : { text: "Move back", detail: "a corner is cut off" },
  document: putIn,
  colour: plainHint("Colour is needed"),
};

/** The live hint: what to do, then the figures. */
export function liveHint(report: ReportView, shape: string): HintWords {
  const code = codeOf(report);
  // Without edges the other figures are guesses about the table; only darkness is told for sure.
  if (report.corners === null && code !== "brightness") return putIn(shapeNoun(shape));
  const say = LIVE[code];
  return say
    ? say(shapeNoun(shape), measureOf(report, report.code))
    : { text: verdictWords(report, shape).title, detail: "" };
}

const CHECKS: Record<string, { good: string; low: string }> = {
  corners: { good: "Four corners", low: "Corners" },
  sharpness: { good: "Sharp", low: "Blurred" },
  glare: { good: "No glare", low: "Glare" },
  brightness: { good: "Light enough", low: "Too dark" },
  resolution: { good: "Close enough", low: "Too far away" },
};

/** The row under the live picture, in this order. */
export const LIVE_CHECKS: readonly string[] = Object.keys(CHECKS);

/** The measure behind a live check. */
export function liveMeasure(report: ReportView, code: string): MeasureView | undefined {
  return (
    measureOf(report, code) ?? (code === "brightness" ? measureOf(report, "light") : undefined)
  );
}

/** A word for one live check. */
export function liveCheck(code: string, good: boolean): string {
  const said = CHECKS[code];
  return said ? (good ? said.good : said.low) : code;
}

// ── Duplicates and overrides ────────────────────────────────────────────────────────────────────

const DUPLICATES: Record<string, (when: string) => string> = {
  other_side: () => "This is the other side again. Turn it over.",
  other_account: (when) => `This photo is already used on another account${on(when)}.`,
  rejected_before: (when) => `This photo was already rejected${on(when)}. Take a new one.`,
};

function on(when: string): string {
  return when === "" ? "" : ` on ${when}`;
}

/** What a photo is a duplicate of; `when` is a date in words. */
export function duplicateText(of: string, when: string): string {
  return DUPLICATES[of]?.(when) ?? "This photo was used before.";
}

/** Reasons for using a photo although it is bad. The label is what stays in the history. */
export const OVERRIDE_REASONS: readonly { code: string; label: string }[] = [
  { code: "worn", label: "The paper itself is worn or shiny" },
  { code: "light", label: "There is no better light here" },
  { code: "camera", label: "There is no better camera here" },
];

// ── The screens ─────────────────────────────────────────────────────────────────────────────────

export const capture = {
  where: (name: string) => `${name} · Documents`,
  camera: "Camera",
  file: "File",
  source: "Source",
  whichCamera: "Which camera",
  cameraNumber: (n: number) => `Camera ${n}`,
  pixels: (width: number, height: number) => `${width}\u202f×\u202f${height}`,
  document: "Document",
  side: "Side",
  now: "Now",
  notYet: "Not yet",
  lastShot: (side: string) => `Last shot: ${side.toLowerCase()}`,
  keptAs: (width: string, height: string, format: string, size: string) =>
    `Kept as ${width}\u202f×\u202f${height}, ${format.toUpperCase()}, ${size}. Place, time and camera data were removed.`,
  retake: "Retake",
  look: "Look at the photo",
  needed: (side: string) => `${side} is still needed`,
  photoNeeded: "A photo is still needed",
  allThere: (sides: number) => (sides > 1 ? "Both sides are there" : "The photo is there"),
  notGood: (side: string) => `${side}: take it again`,
  later: "Do it later",
  done: "Done",
  auto: "Take the photo when it is good",
  turnOver: (noun: string) => `Turn the ${noun} over`,
  shoot: "Take the photo",
  shootKey: "take the photo",
  starting: "Starting the camera…",
  live: (paper: string) => `Camera picture: ${paper}`,
  checking: "Checking the photo…",
  cancel: "Cancel",
  cancelled: "Cancelled. The photo was not kept.",
  faults: {
    none: {
      title: "No camera found",
      advice: "Connect a camera, or use a photo that is already on this computer.",
    },
    denied: {
      title: "Satchel may not use the camera",
      advice: "Allow it in the system’s privacy settings and try again, or use a file.",
    },
    busy: {
      title: "Another program uses the camera",
      advice: "Close that program and try again, or use a file.",
    },
    broken: {
      title: "The camera does not answer",
      advice: "Unplug it and plug it in again, or use a file.",
    },
  },
  tooFew: (most: number, needs: number) =>
    `This camera reaches ${most}\u202fdpi on this paper, and ${needs} are needed. Use a scan or a phone photo.`,
  tryAgain: "Try again",
  useFile: "Use a file",
  dropTitle: "Drop a photo here",
  dropAdvice: "JPEG, HEIC, PNG, WebP, TIFF, BMP, or a scan as PDF.",
  choose: "Choose a photo",
  paste: "paste",
  whichPage: "Page",
  page: (page: string, pages: number) => `${page} of ${pages}`,
  usePage: "Use this page",
  oneAtATime: "One photo at a time: only the first was taken.",
  checkTitle: "Check the photo",
  turnLeft: "Turn left",
  turnRight: "Turn right",
  use: "Use this photo",
  useAnyway: "Use it anyway",
  useAnywayAdvice:
    "You have retaken it twice, so you may. Say why: it stays in the account’s history.",
  useAnywayButton: "Use anyway",
  why: "Why",
  whyOther: "Another reason",
  whyOtherLabel: "In your words",
  whyNeeded: "Say why, in a few words.",
  retakesLeft: (left: number) =>
    left <= 1
      ? "If the next one is no better, you may use it anyway."
      : `If ${left} more are no better, you may use it anyway.`,
  usedAnyway: (reason: string) => `Used anyway: ${reason}`,
  goOn: "You can go on.",
  glareArea: (share: string, noun: string) => `Glare, ${share} of the ${noun}`,
  edges: "The white line shows the edges that were found.",
  noEdges: "No edges were found.",
  turnKeys: "turn",
  remove: "Remove photo",
} as const;
