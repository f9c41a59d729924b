// Drawn papers on a table, in the place of photos. They show no document of anybody.

const SIZE = { width: 872, height: 490 };
const DESK = `<defs><linearGradient id="d" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#6d5a4a"/><stop offset=".5" stop-color="#5f4d3f"/><stop offset="1" stop-color="#463930"/></linearGradient><radialGradient id="f"><stop offset="0" stop-color="#fff"/><stop offset=".5" stop-color="#fff" stop-opacity=".97"/><stop offset=".76" stop-color="#fff" stop-opacity=".55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><rect width="872" height="490" fill="url(#d)"/><path d="M0 167H872M0 382H872" stroke="#2b211a" stroke-width="2" opacity=".45"/>`;

const bar = (x: number, y: number, width: number, ink = "#3a3340", height = 16): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="3" fill="${ink}"/>`;

function card(front: boolean): string {
  const ground = `<rect width="856" height="540" rx="28" fill="#f1dfe6"/><path d="M0 330C180 250 420 420 856 300V512a28 28 0 0 1-28 28H28a28 28 0 0 1-28-28Z" fill="#dcebdf"/>`;
  const face = `<rect x="40" y="140" width="232" height="296" rx="8" fill="#e3d3dc"/><circle cx="156" cy="258" r="46" fill="#8d7f8b"/><path d="M72 436c0-77 32-101 84-101s84 24 84 101Z" fill="#8d7f8b"/>`;
  const title = `<text x="164" y="72" font-family="Inter, sans-serif" font-size="34" font-weight="700" fill="#8a2f63" letter-spacing="2">SPECIMEN CARD</text><text x="164" y="102" font-family="Inter, sans-serif" font-size="17" fill="#8a2f63" letter-spacing="3">NOT A DOCUMENT</text><rect x="32" y="32" width="104" height="68" rx="8" fill="#2f4f86"/>`;
  const lines = [176, 214, 252, 290, 328, 366, 404, 444].map((y, n) =>
    bar(352, y - 16, 220 + ((n * 67) % 210)),
  );
  const table = [150, 200, 250, 300, 350, 400, 450].map(
    (y) => `${bar(60, y, 60)}${bar(260, y, 96)}${bar(410, y, 96)}`,
  );
  const code = Array.from({ length: 26 }, (_, n) =>
    bar(608 + n * 8, 420, 2 + (n % 4), "#3a3340", 72),
  );
  return ground + (front ? title + face + lines.join("") : table.join("") + code.join(""));
}

function page(): string {
  const lines = Array.from({ length: 14 }, (_, n) =>
    bar(60, 170 + n * 25, 360 + ((n * 83) % 240), "#9aa0a8", 8),
  );
  return `<rect width="856" height="540" fill="#fbfbfa"/><rect width="856" height="84" fill="#2f7f92"/><circle cx="64" cy="42" r="18" fill="#fff"/>${bar(100, 34, 160, "#fff")}${bar(60, 118, 220)}<rect x="560" y="120" width="230" height="110" rx="10" fill="#e5eef0"/>${lines.join("")}`;
}

function drawing(document: string, side: string, glare: boolean): string {
  const isCard = /licen|card|STATE/i.test(document);
  const paper = isCard ? card(side === "front") : page();
  const flare = glare
    ? '<ellipse cx="490" cy="354" rx="168" ry="62" fill="url(#f)" transform="rotate(-7 490 354)"/>'
    : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 872 490" width="1744" height="980">${DESK}<g transform="matrix(0.758 0.04 -0.052 0.742 132 34)">${paper}</g>${flare}</svg>`;
}

/** A drawn paper instead of a photo: as PNG in a browser, as its drawing elsewhere. */
export async function photoBytes(
  document: string,
  side: string,
  glare: unknown,
): Promise<ArrayBuffer> {
  const text = drawing(document, side, glare !== null);
  const canvas = globalThis.document.createElement("canvas");
  const address = URL.createObjectURL?.(new Blob([text], { type: "image/svg+xml" }));
  if (address === undefined || !("decode" in Image.prototype)) {
    return new TextEncoder().encode(text).buffer as ArrayBuffer;
  }
  const image = new Image();
  image.src = address;
  await image.decode();
  Object.assign(canvas, SIZE);
  canvas.getContext("2d")?.drawImage(image, 0, 0, SIZE.width, SIZE.height);
  URL.revokeObjectURL(address);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  return blob ? blob.arrayBuffer() : new ArrayBuffer(0);
}
