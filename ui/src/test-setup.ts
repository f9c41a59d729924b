import "@testing-library/jest-dom/vitest";

import { configure } from "@testing-library/svelte";
import { vi } from "vitest";

import { useLocale } from "./text/format";

useLocale("en-GB");
// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });

// jsdom draws nothing: what the screens ask of the window is answered plainly.
Object.defineProperty(window, "matchMedia", {
  writable: true,
  value: (media: string) => ({
    matches: false,
    media,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }),
});
Element.prototype.scrollIntoView = vi.fn();
Element.prototype.scrollTo = vi.fn();
Element.prototype.hasPointerCapture = () => false;
URL.createObjectURL = () => "blob:test";
URL.revokeObjectURL = () => undefined;
