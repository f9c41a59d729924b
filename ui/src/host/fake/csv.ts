import type { AccountRowView } from "../../generated/AccountRowView";
import type { ImportLineView } from "../../generated/ImportLineView";
import type { ImportView } from "../../generated/ImportView";

const KNOWN = ["account_id", "name", "kind", "country", "email", "token", "connection"];

/** A much simpler reading of CSV than the app's own: for pictures and tests of the window. */
export function readCsv(csv: string, here: AccountRowView[]): ImportView {
  const [head = "", ...lines] = csv.split(/\r?\n/).filter((text) => text.trim() !== "");
  const columns = head.split(",").map((name) => name.trim());
  const view: ImportView = {
    good: [],
    bad: [],
    known: [],
    columns: columns.filter((name) => KNOWN.includes(name)),
    ignored: columns.filter((name) => !KNOWN.includes(name)),
  };
  lines.forEach((text, index) => {
    const cells = text.split(",").map((cell) => cell.trim());
    const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
    const line: ImportLineView = {
      line: index + 2,
      remote_id: cell("account_id"),
      name: cell("name"),
      code: "ok",
      detail: null,
    };
    if (cells.length > columns.length) line.code = "too_many_columns";
    else if (!line.remote_id) line.code = "missing_account_id";
    else if (!line.name) line.code = "missing_name";
    else if (cell("country") && !["US", "CA", "GB"].includes(cell("country"))) {
      Object.assign(line, { code: "unknown_country", detail: cell("country") });
    } else if (here.some((row) => row.remote_id === line.remote_id)) line.code = "already_here";
    const place =
      line.code === "ok" ? view.good : line.code === "already_here" ? view.known : view.bad;
    place.push(line);
  });
  return view;
}
