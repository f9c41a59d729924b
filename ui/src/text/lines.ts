import type { LineView } from "../generated/LineView";
import type { IconName } from "../parts/icons";
import type { Tone } from "../parts/tones";
import { isOneOf, LINE_CODES, type LineCode } from "./codes";
import { documentInSentence, lineDocument, rejected } from "./documents";
import { date, plural, size } from "./format";

/** How the time at the end of a row is told. */
export type TimeWord = "none" | "at" | "tries" | "asks" | "since" | "not_before";

export interface NextWords {
  title: string;
  body: string;
}

export interface LineWords {
  tone: Tone | null;
  icon?: IconName;
  /** At most three words. */
  pill: string;
  /** Second line of a row in the list. */
  row: (line: LineView, provider: string) => string;
  /** Beside the pill, where there is more to say. */
  after?: (line: LineView, provider: string) => string;
  time: TimeWord;
  /** What happened and what to do about it. */
  next: (line: LineView, provider: string) => NextWords;
}

const nothingToDo = "Satchel goes on by itself. There is nothing to do now.";

/** What became of an account of which only the number is left. */
function forgotten(ended: string | null, provider: string): string {
  switch (ended) {
    case "verified":
      return `Verified by ${provider} before it was forgotten here`;
    case "failed":
      return `Not accepted by ${provider} before it was forgotten here`;
    case "withdrawn":
    case "not_started":
      return "Nothing of it was sent";
    default:
      return `${provider} keeps what it has; this device no longer asks`;
  }
}

function waiting(
  row: LineWords["row"],
  body: LineWords["row"],
  time: TimeWord = "tries",
): LineWords {
  return {
    tone: "wait",
    pill: "Waiting",
    row: (l, p) => `Waiting: ${row(l, p)}`,
    after: (l, p) => row(l, p),
    time,
    next: (l, p) => ({ title: `Waiting: ${row(l, p)}`, body: body(l, p) }),
  };
}

function refused(
  pill: string,
  row: LineWords["row"],
  next: LineWords["next"],
  tone: Tone = "needs",
): LineWords {
  return { tone, pill, row, after: (l, p) => row(l, p), time: "at", next };
}

const photos = (n: number | null) => (n === null ? "" : `, ${n} ${plural(n, "photo", "photos")}`);

/** What the provider's own code says of the answers, where it says something. */
const ANSWER_CODES: Record<string, string> = {
  "1003": "an answer is not accepted",
  "1004": "an answer is missing",
  "1009": "an answer is not accepted",
  "3008": "the settlement details are missing",
  "3012": "the account owner is missing",
};

const wrongAnswer = (l: LineView) =>
  (l.reason && ANSWER_CODES[l.reason]) || "an answer is missing or wrong";

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const LINES: Record<LineCode, LineWords> = {
  not_started: {
    tone: null,
    icon: "shop",
    pill: "Not started",
    row: () => "Not started",
    time: "none",
    next: () => ({
      title: "Start the onboarding",
      body: "It takes the details, the papers and the applicant’s consent. It works without a network.",
    }),
  },
  draft: {
    tone: null,
    icon: "draft",
    pill: "Draft",
    row: () => "Draft, saved on this device",
    after: () => "saved on this device, nothing was sent",
    time: "at",
    next: () => ({
      title: "Go on with the draft",
      body: "Everything that was typed and photographed is saved on this device. Nothing was sent.",
    }),
  },
  held: {
    ...waiting(
      () => "for a second look",
      () => "It is sealed and safe. It goes out once somebody released it.",
      "since",
    ),
  },
  waiting_turn: waiting(
    () => "its turn comes next",
    () => nothingToDo,
  ),
  waiting_sending: {
    tone: "wait",
    icon: "upload",
    pill: "Sending",
    row: (_l, p) => `Sending to ${p}`,
    time: "none",
    next: (_l, p) => ({ title: `Sending to ${p}`, body: nothingToDo }),
  },
  waiting_no_network: waiting(
    (l) => `no network${photos(l.count)}`,
    () => "It is sealed on this device and goes out as soon as there is a network.",
  ),
  waiting_intercepted: waiting(
    () => "the network wants a sign-in",
    (_l, p) => `Something else answered instead of ${p}. Nothing was sent to it.`,
  ),
  waiting_clock: waiting(
    () => "this device’s clock is wrong",
    (_l, p) =>
      `${p}’s certificate is not valid at the time this device shows. Set the clock, then it goes on.`,
  ),
  waiting_throttled: waiting(
    (_l, p) => `${p} asked to wait`,
    () => nothingToDo,
  ),
  waiting_server_trouble: waiting(
    (_l, p) => `${p} has trouble`,
    (_l, p) => `${p} has trouble of its own. Satchel tries again by itself.`,
  ),
  waiting_answer_lost: waiting(
    (_l, p) => `asking ${p} what it received`,
    (_l, p) =>
      `The answer got lost. Satchel asks ${p} what it received, so that nothing is sent twice.`,
    "not_before",
  ),
  waiting_fence: waiting(
    (_l, p) => `an unused draft at ${p} must expire`,
    (_l, p) =>
      `${p} holds a draft that does not count. Satchel waits until it has expired, so that nothing is sent twice.`,
    "not_before",
  ),
  waiting_photos_not_asked_for: waiting(
    (_l, p) => `${p} has not asked for photos`,
    (_l, p) => `${p} takes photos only once it asks for them. They wait here, sealed.`,
    "asks",
  ),
  waiting_credentials: waiting(
    (_l, p) => `${p} does not accept the key`,
    (_l, p) =>
      `${p} has not accepted this device’s key. The account is fine. An administrator can enter a new key.`,
    "since",
  ),
  waiting_paused: waiting(
    () => "sending is paused",
    () => "Sending was paused by hand. Resume it in the outbox.",
    "since",
  ),
  waiting_photos_held: waiting(
    (l) => `photos are held${photos(l.count)}`,
    () => "Photos are held on this network by hand. Let them go in the outbox.",
    "none",
  ),
  waiting_in_review: waiting(
    (_l, p) => `in review at ${p}`,
    () => nothingToDo,
    "asks",
  ),
  waiting_person: waiting(
    () => "for you",
    () => "It goes on once you decided what to do.",
    "none",
  ),
  waiting_set_aside: waiting(
    () => "set aside",
    () => "It is kept safe, and nothing waits behind it.",
    "none",
  ),
  waiting_finished: waiting(
    () => "nothing more is to be done",
    () => nothingToDo,
    "none",
  ),
  sent: {
    tone: "review",
    icon: "send",
    pill: "Sent",
    row: (_l, p) => `Sent to ${p}, no word yet`,
    after: (_l, p) => `to ${p}, no word yet`,
    time: "since",
    next: (_l, p) => ({ title: `Sent to ${p}, no word yet`, body: nothingToDo }),
  },
  received: {
    tone: "review",
    pill: "Received",
    row: (_l, p) => `Received by ${p}, not looked at yet`,
    after: (_l, p) => `by ${p}, not looked at yet`,
    time: "since",
    next: (_l, p) => ({
      title: `Received by ${p}, not looked at yet`,
      body: "There is nothing to do now. Satchel asks for news by itself.",
    }),
  },
  in_review: {
    tone: "review",
    pill: "In review",
    row: (_l, p) => `In review at ${p}`,
    after: (l, p) => (l.at_ms === null ? `at ${p}` : `at ${p} since ${date(l.at_ms)}`),
    time: "since",
    next: (l, p) => ({
      title: l.at_ms === null ? `In review at ${p}` : `In review at ${p} since ${date(l.at_ms)}`,
      body: "There is nothing to do now. Satchel asks for news by itself.",
    }),
  },
  documents_needed: {
    tone: "needs",
    pill: "Documents needed",
    row: (l) =>
      l.document ? `Documents needed: ${documentInSentence(l.document)}` : "Documents needed",
    time: "at",
    next: (l, p) => ({
      title: l.document
        ? `Photograph the ${documentInSentence(l.document)}`
        : "Photograph the documents",
      body: `${p} asks for documents. They are sent as soon as the photos are sealed.`,
    }),
  },
  document_rejected: {
    tone: "needs",
    pill: "Documents needed",
    row: (l) => `${lineDocument(l)}: ${rejected(l.reason).short}`,
    after: (l) => (l.count === null ? "a document was rejected" : `${l.count} rejected`),
    time: "at",
    next: (l, p) => ({
      title: rejectedTitle(l),
      body: rejected(l.reason).why(p, l.word),
    }),
  },
  verified: {
    tone: "good",
    pill: "Verified",
    row: (_l, p) => `Verified by ${p}`,
    after: (l, p) => (l.at_ms === null ? `by ${p}` : `by ${p}, ${date(l.at_ms)}`),
    time: "at",
    next: (l, p) => ({
      title: l.at_ms === null ? `Verified by ${p}` : `Verified by ${p}, ${date(l.at_ms)}`,
      body: "There is nothing to do.",
    }),
  },
  failed: {
    tone: "bad",
    pill: "Not accepted",
    row: (_l, p) => `${p} did not accept the documents`,
    after: (_l, p) => `${p} gives no reason`,
    time: "at",
    next: (_l, p) => ({
      title: "Send a full new set of photos",
      body: `${p} did not accept the documents and gives no reason. Check each photo, then send a full new set.`,
    }),
  },
  unknown_state: {
    tone: "review",
    pill: "With the provider",
    row: (l, p) => `With ${p}: it says “${l.word ?? ""}”`,
    after: (l, p) => `${p} says “${l.word ?? ""}”, which is new to Satchel`,
    time: "since",
    next: (l, p) => ({
      title: `With ${p}: it says “${l.word ?? ""}”, which is new to Satchel`,
      body: "Satchel keeps asking. Nothing was lost, and nothing is sent twice.",
    }),
  },
  refused_answers: refused(
    "Answers to fix",
    (l) => capital(wrongAnswer(l)),
    (l, p) => ({
      title: "Fix the answers",
      body: `${p} refused the details: ${wrongAnswer(l)}. Nothing that was typed is lost.`,
    }),
  ),
  full_number_needed: refused(
    "Full number needed",
    (_l, p) => `${p} wants the full social security number`,
    (_l, p) => ({
      title: "Enter the full social security number",
      body: `The last four digits were not enough for ${p}. Ask the applicant for all nine digits.`,
    }),
  ),
  submitted_elsewhere: refused(
    "Submitted elsewhere",
    () => "Somebody else already submitted for this account",
    (_l, p) => ({
      title: "Somebody else already submitted for this account",
      body: `${p} holds details that did not come from this device. Nothing was sent over them. Follow that submission here, or take this one back.`,
    }),
  ),
  would_overwrite: refused(
    "Would overwrite",
    (_l, p) => `${p} already holds documents`,
    (_l, p) => ({
      title: "Replace what the provider holds?",
      body: `${p} already holds details or documents for this account. Sending would overwrite them. Nothing was sent.`,
    }),
  ),
  account_refused: refused(
    "Account refused",
    (_l, p) => `${p} does not accept the account`,
    (_l, p) => ({
      title: "Check the account number",
      body: `${p} does not know this account, or it is not yours, or it is closed. What was sealed stays safe here.`,
    }),
    "bad",
  ),
  configuration_refused: refused(
    "Set-up refused",
    (_l, p) => `${p} refuses this device’s set-up`,
    (_l, p) => ({
      title: "An administrator must check the connection",
      body: `${p} refuses this device’s set-up, not the account. What was sealed stays safe here.`,
    }),
    "bad",
  ),
  photo_too_large: refused(
    "Photo too large",
    (l, p) => `${lineDocument(l)}: too large for ${p}`,
    (l, p) => ({
      title: l.document
        ? `The photo of the ${documentInSentence(l.document)} is too large`
        : "The photo is too large",
      body: `${p} does not take ${l.count ? `its ${size(l.count)}` : "so many bytes"}. A smaller version of the same photo can be read as well. If none is small enough, take a new photo.`,
    }),
  ),
  some_files: refused(
    "Some photos missing",
    (_l, p) => `Only some photos reached ${p}`,
    (_l, p) => ({
      title: "Only some of the photos arrived",
      body: `${p} holds some of the photos and not the others. Check what it shows, then try again.`,
    }),
  ),
  one_image_kept: refused(
    "One photo kept",
    (_l, p) => `${p} keeps one picture of two`,
    (_l, p) => ({
      title: `${p} keeps one picture where two were sent`,
      body: `Both sides were sent twice and ${p} still holds one. Ask ${p}, or use a passport, which has one side.`,
    }),
  ),
  unresolved: refused(
    "Not known",
    (_l, p) => `Not known whether ${p} received it`,
    (_l, p) => ({
      title: `Ask ${p} whether it arrived`,
      body: `Satchel cannot find out from here whether it counted. It sends nothing until you decide, so that nothing is sent twice.`,
    }),
  ),
  refused_unexplained: refused(
    "Refused",
    (_l, p) => `${p} refused it`,
    (_l, p) => ({
      title: `${p} refused it`,
      body: `${p} gives no cause that Satchel knows. Its own words are under Details.`,
    }),
    "bad",
  ),
  integrity: refused(
    "Set aside",
    () => "A record does not open",
    () => ({
      title: "A record of this submission does not open",
      body: "It was changed or damaged outside Satchel. It was set aside, nothing was sent from it, and nothing waits behind it.",
    }),
    "bad",
  ),
  set_aside: {
    ...refused(
      "Set aside",
      (l) => `Set aside: ${asideReason(l)}`,
      (l, p) => ({
        title: `${p} refused it three times: ${asideReason(l)}`,
        body: "It is set aside and kept safe, and nothing waits behind it. Fix what is wrong, then send it again.",
      }),
      "bad",
    ),
    icon: "aside",
    after: (l) => asideReason(l),
  },
  withdrawn: {
    tone: null,
    icon: "withdraw",
    pill: "Taken back",
    row: () => "Taken back before anything counted",
    time: "at",
    next: () => ({
      title: "Taken back",
      body: "It was taken back before anything counted. Start again whenever you like.",
    }),
  },
  purged: {
    tone: null,
    icon: "sweep",
    pill: "Forgotten",
    row: (l, p) => forgotten(l.reason, p),
    after: (l, p) => forgotten(l.reason, p),
    time: "at",
    next: (l, p) => ({
      title: "Forgotten on this device",
      body: `${forgotten(l.reason, p)}. Name, answers and photos are gone from here.`,
    }),
  },
};

/** Why something was set aside: the refusal's own code, or the provider's. */
function asideReason(line: LineView): string {
  switch (line.reason) {
    case "photo_too_large":
      return "a photo is too large";
    case "integrity":
      return "a record does not open";
    case "unresolved":
      return "nobody knows whether it arrived";
    case "full_number_needed":
      return "the full number is needed";
    case "submitted_elsewhere":
      return "somebody else already submitted";
    default:
      return wrongAnswer(line);
  }
}

function rejectedTitle(line: LineView): string {
  const paper = line.document ? documentInSentence(line.document) : "document";
  switch (line.reason) {
    case "corrupt_file":
      return `Send the ${paper} again`;
    case "info_mismatch":
      return `Compare the ${paper} with the form`;
    case "doc_unsupported":
      return `Choose another paper than the ${paper}`;
    case "incomplete":
      return `Add what is missing of the ${paper}`;
    default:
      return `Retake the ${paper}`;
  }
}

const UNKNOWN: LineWords = {
  tone: "wait",
  pill: "Open",
  row: (l) => `Open: “${l.code}”, which is new to this window`,
  time: "at",
  next: (l) => ({
    title: `Open: “${l.code}”, which is new to this window`,
    body: "What was sealed is safe. A newer version of Satchel has the words for it.",
  }),
};

/** The words for a line; a code that is new to this window is told as it is. */
export function lineWords(line: LineView): LineWords {
  return isOneOf(LINE_CODES, line.code) ? LINES[line.code] : UNKNOWN;
}

/** Icon of a line: its own, or that of its state. */
export function lineIcon(line: LineView): IconName {
  const said = lineWords(line);
  return said.icon ?? said.tone ?? "shop";
}
