// The search field of the bar: one for all screens; the accounts list reads it.

let text = $state("");
let field: HTMLInputElement | undefined;

export const bar = {
  get search(): string {
    return text;
  },
  set search(next: string) {
    text = next;
  },
  /** The field that Ctrl K focuses. */
  attach(node: HTMLInputElement) {
    field = node;
    return {
      destroy() {
        if (field === node) field = undefined;
      },
    };
  },
  focusSearch(): void {
    // The shell may just be coming up; the field is there after the next frame.
    requestAnimationFrame(() => {
      field?.focus();
      field?.select();
    });
  },
};
