// Enter goes to the next field of a form, as Tab does.

const FIELDS = "input:not([type=hidden], [type=file]), select, textarea, button[role=combobox]";

function isField(node: EventTarget | null): node is HTMLElement {
  return (
    node instanceof HTMLElement &&
    node.matches("input:not([type=checkbox], [type=radio], [type=file])")
  );
}

/** Focuses the field after `from`, when Enter belongs to it; answers whether it did. */
export function nextField(form: HTMLElement, from: EventTarget | null): boolean {
  if (!isField(from)) return false;
  const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)];
  const next = fields[fields.indexOf(from) + 1];
  if (!next) return false;
  next.focus();
  if (next instanceof HTMLInputElement && next.type === "text") next.select();
  return true;
}
