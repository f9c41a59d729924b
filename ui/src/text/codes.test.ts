import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { LineView } from "../generated/LineView";
import type { OutboxItemView } from "../generated/OutboxItemView";
import * as codes from "./codes";
import { words } from "./en";
import { ERRORS, errorWords } from "./errors";
import { LINES, lineWords } from "./lines";
import { actorWords, nextTry, whyWords } from "./outbox";
import {
  bannerWords,
  checkWords,
  documentState,
  historyWords,
  importWords,
  networkWords,
} from "./states";

const CRATES = join(import.meta.dirname, "../../../crates");

function rustFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return rustFiles(path);
    return name.endsWith(".rs") ? [path] : [];
  });
}

/** What the app's sources say: all matches of a pattern's first group. */
function said(folder: string, pattern: RegExp): string[] {
  const all = rustFiles(join(CRATES, folder)).map((path) => readFileSync(path, "utf8"));
  return [...new Set(all.flatMap((text) => [...text.matchAll(pattern)].map((m) => m[1] ?? "")))];
}

const line = (code: string, more: Partial<LineView> = {}): LineView => ({
  code,
  document: null,
  reason: null,
  word: null,
  count: null,
  at_ms: null,
  ...more,
});

const item = (more: Partial<OutboxItemView>): OutboxItemView => ({
  submission: "s",
  account: "a",
  name: "Cabot Cycles",
  provider_name: "WePay",
  what: "details",
  document: null,
  photo_number: null,
  photo_count: null,
  bytes: 4000,
  why: "turn",
  refusal: null,
  next_ms: null,
  next_kind: "now",
  who: "satchel",
  deadline: null,
  deadline_ms: null,
  progress: null,
  actions: [],
  ...more,
});

describe("codes that the app names", () => {
  it("have words when a command is refused with them", () => {
    const named = [
      ...said("app/src", /ApiError::new\("([a-z_0-9]+)"\)/g),
      ...said("../src-tauri/src", /ApiError::new\("([a-z_0-9]+)"\)/g),
      ...said("capture/src", /=> "([a-z_0-9]+)"/g).filter((code) =>
        code.startsWith("unsupported_"),
      ),
    ];
    const fault = readFileSync(join(CRATES, "capture/src/fault.rs"), "utf8");
    const vault = readFileSync(join(CRATES, "vault/src/fault.rs"), "utf8");
    const faults = [
      ...`${fault}${vault}`.matchAll(/Self::\w+(?:\(_\)| \{ \.\. \})? => "([a-z_]+)"/g),
    ].map((m) => m[1] ?? "");
    const all = [...named, ...faults];
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter((code) => !(code in ERRORS))).toEqual([]);
  });

  it("have words when they say where an account stands", () => {
    const whys = said("app/src/view", /Why::\w+ => "([a-z_]+)",/g).filter((why) =>
      codes.isOneOf(codes.WHYS, why),
    );
    const history = readFileSync(join(CRATES, "app/src/view/history.rs"), "utf8");
    const named = [
      ...said("app/src/view", /(?:line|dated|with)\("([a-z_]+)"/g),
      ...[...history.matchAll(/=> (?:Some\()?\("([a-z_]+)", (?:None|Some)/g)]
        .map((m) => m[1] ?? "")
        .filter((code) => !code.startsWith("photos_")),
    ].filter((code) => code !== "answer_lost" && code !== "refused" && code !== "corrected");
    const known: readonly string[] = [...codes.LINE_CODES, ...codes.HISTORY_CODES];
    expect(whys.length).toBeGreaterThan(10);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((code) => !known.includes(code))).toEqual([]);
    expect(whys.filter((why) => !known.includes(`waiting_${why}`))).toEqual([]);
  });
});

describe("words for codes", () => {
  it("are whole for every line, whatever it leaves out", () => {
    for (const code of codes.LINE_CODES) {
      for (const given of [
        line(code),
        line(code, {
          document: "passport",
          reason: "illegible",
          word: "xyz",
          count: 2,
          at_ms: 1e12,
        }),
      ]) {
        const said = LINES[code];
        const texts = [
          said.pill,
          said.row(given, "WePay"),
          said.after?.(given, "WePay") ?? "–",
          ...Object.values(said.next(given, "WePay")),
        ];
        for (const text of texts) expect(text, code).toMatch(/^\S(.*\S)?$/s);
        expect(texts.join(" "), code).not.toMatch(/undefined|null|NaN/);
        expect(said.pill.split(" ").length, code).toBeLessThanOrEqual(3);
      }
    }
  });

  it("are never those that the catalogue forbids", () => {
    const never =
      /\bsuccess|!|\bplease\b|\boops\b|failed|invalid|poison|quarantin|pending|sync\b|should\b/i;
    const lines = codes.LINE_CODES.flatMap((code) => {
      const { title, body } = LINES[code].next(line(code), "WePay");
      return [LINES[code].pill, LINES[code].row(line(code), "WePay"), title, body];
    });
    const errors = Object.keys(ERRORS).flatMap((code) =>
      Object.values(errorWords({ code, path: "name", detail: null })),
    );
    const screens: string[] = [];
    const walk = (value: unknown): void => {
      if (typeof value === "string") screens.push(value);
      else if (value && typeof value === "object") Object.values(value).forEach(walk);
    };
    walk(words);
    expect([...lines, ...errors, ...screens].filter((text) => never.test(text))).toEqual([]);
  });

  it("exist for why something waits, who acts and when it tries next", () => {
    for (const why of codes.WHYS) expect(whyWords(item({ why }))).toMatch(/^[A-Z]/);
    for (const who of codes.ACTORS) expect(actorWords(item({ who }))).not.toBe("");
    for (const next_kind of codes.NEXT_KINDS)
      expect(nextTry(item({ next_kind, next_ms: 1e12 }))[0]).not.toBe("");
  });

  it("exist for documents, history, network, banners, checks and imports", () => {
    const document = {
      kind: "passport",
      photos: [],
      reason: "illegible",
      word: "xyz",
      at_ms: null,
      replaced: false,
    };
    for (const state of codes.DOCUMENT_STATES)
      expect(documentState({ ...document, state }, "WePay").text).not.toMatch(/undefined|^$/);
    for (const code of codes.HISTORY_CODES)
      expect(historyWords({ code, at_ms: 0, operator: "", detail: null }).text).toMatch(/^[A-Z]/);
    for (const kind of codes.NETWORK_KINDS)
      expect(
        networkWords({ kind, waiting: 0, waiting_bytes: 0, since_ms: null, banner: null }).text,
      ).toMatch(/^[A-Z]/);
    for (const code of codes.BANNERS)
      expect(
        bannerWords({ code, connection: null, name: null, since_ms: null, count: null })?.title,
      ).toMatch(/^\S/);
    for (const code of codes.CHECK_CODES) expect(checkWords(code, "WePay").title).toMatch(/^[A-Z]/);
    for (const code of codes.IMPORT_CODES)
      expect(importWords({ line: 1, remote_id: "", name: "", code, detail: "x" })).toMatch(/^\S/);
  });

  it("tell a code that is new to the window as it is, and what is safe", () => {
    expect(lineWords(line("brand_new")).row(line("brand_new"), "WePay")).toContain("brand_new");
    const unknown = errorWords({ code: "brand_new", path: null, detail: null });
    expect(unknown.safe).toContain("safe");
  });
});

describe("the catalogue's own words", () => {
  const row = (code: string, more: Partial<LineView> = {}) =>
    LINES[code as codes.LineCode].row(line(code, more), "WePay");
  const body = (more: Partial<LineView>) =>
    LINES.document_rejected.next(line("document_rejected", more), "WePay").body;

  it("stand as they were decided", () => {
    expect(row("waiting_no_network")).toBe("Waiting: no network");
    expect(row("waiting_answer_lost")).toBe("Waiting: asking WePay what it received");
    expect(row("received")).toBe("Received by WePay, not looked at yet");
    expect(LINES.failed.next(line("failed"), "Winter").body).toBe(
      "Winter did not accept the documents and gives no reason. Check each photo, then send a full new set.",
    );
    expect(LINES.unknown_state.next(line("unknown_state", { word: "xyz" }), "WePay").title).toBe(
      "With WePay: it says “xyz”, which is new to Satchel",
    );
    expect(body({ reason: "illegible" })).toBe(
      "WePay could not read it. Fill the frame, avoid shadows and keep all four corners in view.",
    );
    expect(body({ reason: "corrupt_file" })).toBe(
      "The file reached WePay damaged. The photo here is intact.",
    );
    expect(body({ reason: "unknown", word: "xyz" })).toContain(
      "for a reason new to Satchel: “xyz”",
    );
  });
});
