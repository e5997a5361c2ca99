/** A list of the administration: its columns, and a frame that scrolls sideways by keyboard, too. */

import type { ComponentChildren } from "preact";
import { t } from "../words/say";

interface FrameProps {
  /** The id of the heading that names the list. */
  readonly heading: string;
  readonly columns: readonly string[];
  /** Whether a last column has buttons. */
  readonly acts?: boolean;
  readonly children: ComponentChildren;
}

export function AccessTable({ heading, columns, acts = false, children }: FrameProps) {
  return (
    <div class="table-scroll" role="region" aria-labelledby={heading} tabIndex={0}>
      <table class="access-table">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
            {acts ? (
              <th scope="col">
                <span class="unseen">{t("accounts.acts")}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
