import type { LineView } from "../../generated/LineView";
import { measureWords } from "../../text";
import { withUnit } from "../../text/format";

/** What Satchel's own checks said of a photo that the provider rejected: "It had 168 dpi." */
export function ownFindingWords(finding: LineView): string {
  const n = finding.count === null ? "" : String(finding.count);
  switch (finding.code) {
    case "resolution":
      return n
        ? `It had ${withUnit(n, "dpi")}. Move closer, so that it fills the frame.`
        : "It was too far away. Move closer.";
    case "sharpness":
      return "It was not quite sharp. Rest your elbows on the table.";
    case "glare":
      return n
        ? `Glare covered ${withUnit(n, "%")} of it. Tilt it away from the lamp.`
        : "It had glare. Tilt it away from the lamp.";
    case "light":
      return "It was dark. Find more light, without a shadow across the page.";
    case "contrast":
      return "Its print was faint. Find more even light.";
    case "tilt":
      return n
        ? `It was tilted by ${n}°. Hold the camera straight above it.`
        : "It was tilted. Hold the camera straight above it.";
    case "corners":
      return "A corner was cut off. Move back until all four are in view.";
    case "colour":
      return "It has little colour. Take it in colour, in even light.";
    case "good":
      return "Nothing was wrong with the photo.";
    default:
      return `${nameOf(finding.code)} was below the limit.`;
  }
}

function nameOf(code: string): string {
  return measureWords({
    code,
    verdict: "bad",
    value: null,
    unit: "",
    limit: 0,
    limit_is_max: false,
    gauge: 0,
    gauge_limit: 0,
  }).name;
}
