/** One act at a time: while it is under way, and what went wrong with it. */

import type { VNode } from "preact";
import { useState } from "preact/hooks";

export interface Sending {
  readonly sending: boolean;
  /** What went wrong, to stand in the form; null when nothing did. */
  readonly fault: VNode | null;
  /** Do it, unless something is under way; what was typed stays when it fails. */
  readonly send: (act: () => Promise<void>) => void;
}

export function useSending(inWords: (error: unknown) => string): Sending {
  const [sending, setSending] = useState(false);
  const [text, setText] = useState("");
  const send = async (act: () => Promise<void>): Promise<void> => {
    if (sending) return;
    setSending(true);
    setText("");
    try {
      await act();
    } catch (error) {
      setText(inWords(error));
    } finally {
      setSending(false);
    }
  };
  const fault =
    text === "" ? null : (
      <p class="fault" role="alert">
        {text}
      </p>
    );
  return { sending, fault, send: (act) => void send(act) };
}
