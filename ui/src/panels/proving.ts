/** Acts that need a fresh proof of who is asking: the proof is asked for, then the act goes on. */

import { signal } from "@preact/signals";
import { ServerError } from "../model/server";

/** The person closed the question instead of answering it. */
export class ProofGivenUp extends Error {}

interface Question {
  readonly given: () => void;
  readonly givenUp: () => void;
}

/** The open question for a proof; null while none is open. */
export const proofAsked = signal<Question | null>(null);

/** Do something; where the server wants a fresh proof first, ask for it and do it then. */
export async function withProof<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof ServerError) || error.reason !== "step_up") throw error;
  }
  await proof();
  return act();
}

function proof(): Promise<void> {
  proofAsked.peek()?.givenUp(); // of two questions the newer one counts
  return new Promise((resolve, reject) => {
    const close = (then: () => void) => (): void => {
      proofAsked.value = null;
      then();
    };
    proofAsked.value = { given: close(resolve), givenUp: close(() => reject(new ProofGivenUp())) };
  });
}
