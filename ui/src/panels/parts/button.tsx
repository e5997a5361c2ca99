/** A button that may be refused: it stays where it is, keeps the focus, and says why it does nothing. */

import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface ButtonProps {
  /** Why it cannot be pressed; null when it can. */
  readonly reason: string | null;
  /** The id of an element that shows the reason anyway; else it is said to readers of screens here. */
  readonly reasonAt?: string | undefined;
  readonly shown?: boolean;
  readonly type?: "button" | "submit";
  readonly class?: string;
  readonly title?: string | undefined;
  readonly onPress?: () => unknown;
  readonly children: ComponentChildren;
}

/** `shown` puts the reason beside it in plain sight; `onPress` is not called while there is one. */
export function Button(props: ButtonProps) {
  const { reason, reasonAt, shown = false, type = "button", onPress, children } = props;
  const id = useId();
  const refused = reason !== null;
  return (
    <>
      <button
        type={type}
        class={props.class ?? "act"}
        aria-disabled={refused || undefined}
        aria-describedby={refused ? (reasonAt ?? id) : undefined}
        title={reason ?? props.title}
        onClick={(event) => {
          if (refused) event.preventDefault();
          else onPress?.();
        }}
      >
        {children}
      </button>
      {refused && reasonAt === undefined ? (
        <span id={id} class={shown ? "why-not" : "unseen"}>
          {reason}
        </span>
      ) : null}
    </>
  );
}
