import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";

import { describe, expect, it } from "vitest";

const ROOT = import.meta.dirname;

function files(folder: string, ends: string[]): { path: string; text: string }[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path, ends);
    if (!ends.some((end) => name.endsWith(end))) return [];
    return [{ path: relative(ROOT, path), text: readFileSync(path, "utf8") }];
  });
}

/** The files in which a pattern is found. */
function found(
  pattern: RegExp,
  ends: string[],
  except: (path: string) => boolean = () => false,
): string[] {
  return files(ROOT, ends)
    .filter(({ path, text }) => !except(path) && pattern.test(text))
    .map(({ path }) => path);
}

describe("the window's sources", () => {
  it("reach the app through one folder alone", () => {
    expect(
      found(
        /@tauri-apps\//,
        [".ts", ".svelte"],
        (p) => p.startsWith("host/") || p === "tidy.test.ts",
      ),
    ).toEqual([]);
  });

  it("carry no style attribute, which the content policy would refuse", () => {
    expect(found(/\sstyle="/, [".svelte"])).toEqual([]);
  });

  it("name no colour but by its role", () => {
    expect(
      found(/oklch\(|rgba?\(|:\s*#[0-9a-f]{3,8}\b/, [".svelte", ".css"], (p) => p === "tokens.css"),
    ).toEqual([]);
  });

  it("use logical properties, so that they mirror from right to left", () => {
    const physical =
      /^\s*(width|height|left|right|top|bottom|(margin|padding|border)-(left|right|top|bottom)[a-z-]*): [^;{]*;$/m;
    // What is drawn over a photo stays where it is: photos do not mirror.
    const overPhoto = (path: string) => path === "screens/capture/PhotoPicture.svelte";
    const styles = files(ROOT, [".svelte", ".css"]).map(({ path, text }) => ({
      path,
      text: path.endsWith(".css") ? text : text.slice(Math.max(0, text.indexOf("<style>"))),
    }));
    expect(
      styles.filter((s) => !overPhoto(s.path) && physical.test(s.text)).map((s) => s.path),
    ).toEqual([]);
    const fourSides = /(margin|padding): \S+ (\S+) \S+ (?!\2;)\S+;/;
    const plain = (text: string) => text.replace(/calc\((?:[^()]|\([^()]*\))*\)/g, "calc");
    expect(styles.filter((s) => fourSides.test(plain(s.text))).map((s) => s.path)).toEqual([]);
    expect(found(/text-align:\s*(left|right)/, [".svelte", ".css"])).toEqual([]);
  });

  it("stay short enough to be read", () => {
    const long = files(ROOT, [".ts", ".svelte"]).filter(
      ({ path, text }) =>
        !path.includes("generated") && !path.includes(".test.") && text.split("\n").length > 500,
    );
    expect(long.map(({ path }) => path)).toEqual([]);
  });
});
