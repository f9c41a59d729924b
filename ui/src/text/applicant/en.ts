// The applicant's words: another text than the operator's, not the same with synonyms.
import type { RejectReason } from "../codes";

export const applicant = {
  state: {
    waiting_no_network:
      "Saved safely on this machine. It goes out as soon as there is a connection.",
    waiting_answer_lost: "We are checking that it arrived. You do not need to send it again.",
    not_submitted: "Your details have not been sent yet.",
    received: "Your details have arrived. There is nothing to do now.",
    in_review: "Your details are being checked. You will see the answer here.",
    documents_needed: (papers: string) => `We need a photo of these papers: ${papers}.`,
    verified: (provider: string, day: string) =>
      `Done. ${provider} confirmed who you are on ${day}.`,
    failed: "Your photos were not accepted. Please take new photos of every side.",
    status_unknown: (provider: string) =>
      `${provider} has your details. There is nothing to do now.`,
  },
  rejected: {
    illegible:
      "The photo was hard to read. Please take it again in good light, with the whole page in view.",
    corrupt_file: "The picture was damaged on its way. Please take it again.",
    info_mismatch:
      "Something on this paper differs from your answers. Please check your name and address, or use another paper.",
    doc_unsupported: "This paper cannot be used. Please choose another one.",
    incomplete: "A side or a page is missing. Please photograph both sides.",
    unknown: "We need a new photo of this paper.",
  } satisfies Record<RejectReason, string>,
  photo: {
    resolution: "Move closer",
    glare: "Light is shining on the card. Tilt it a little.",
  },
} as const;

/** Every language of the applicant has these texts. */
export type Applicant = typeof applicant;
