// Pictures of the window in its scenarios, under the content policy of the real one.
// Usage: node tools/pictures.mjs DIST OUT_DIR 'SCENARIO[;theme=dark][;size=800x600][;go={…}][;name=NAME]' …
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
  "media-src 'self' blob: mediastream:; connect-src ipc: http://ipc.localhost; font-src 'self'";
const KINDS = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

// The window's shell freezes Object's prototype before the first script runs; so does this one.
const FREEZE = "/freeze.js";
const FREEZER = "Object.freeze(Object.prototype);";

function page(path) {
  if (path !== "/") return readFileSync(join(dist, path));
  const html = readFileSync(join(dist, "index.html"), "utf8");
  return html.replace("<head>", `<head><script src="${FREEZE}"></script>`);
}

const [dist, out, ...wanted] = process.argv.slice(2);
mkdirSync(out, { recursive: true });

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://local").pathname);
  try {
    const body = path === FREEZE ? FREEZER : page(path);
    response.writeHead(200, {
      "content-type": KINDS[extname(path)] ?? "text/html",
      "content-security-policy": POLICY,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});

await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const { port } = server.address();
for (const text of wanted) {
  const [scenario, ...options] = text.split(";");
  const given = Object.fromEntries(
    options.map((o) => [o.slice(0, o.indexOf("=")), o.slice(o.indexOf("=") + 1)]),
  );
  const query = new URLSearchParams({ fake: scenario, theme: given.theme ?? "light" });
  if (given.go) query.set("go", given.go);
  if (given.dir) query.set("dir", given.dir);
  const name = given.name ?? `${scenario}-${given.theme ?? "light"}`;
  const profile = mkdtempSync(join(tmpdir(), "pictures-"));
  const [width, height] = (given.size ?? "1280x800").split("x");
  const program = spawn("chromium", [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--lang=en-GB",
    "--accept-lang=en-GB",
    "--enable-logging=stderr",
    "--force-device-scale-factor=1",
    "--virtual-time-budget=2500",
    `--user-data-dir=${profile}`,
    `--window-size=${width},${height}`,
    `--screenshot=${join(out, `${name}.png`)}`,
    `http://127.0.0.1:${port}/?${query}`,
  ]);
  let said = "";
  program.stderr.on("data", (part) => (said += part));
  await new Promise((done) => program.on("close", done));
  rmSync(profile, { recursive: true, force: true });
  const complaints = said.split("\n").filter((line) => line.includes("CONSOLE"));
  console.log(name, complaints.length ? complaints.join("\n") : "ok");
}
server.close();
