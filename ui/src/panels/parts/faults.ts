/** What went wrong, in the reader's words where the page knows them. */

import { ServerError } from "../../model/server";
import { t } from "../../words/say";

/** Of an error that a question or an act threw. */
export function faultText(error: unknown): string {
  if (!(error instanceof ServerError)) return t("say.failed", { detail: String(error) });
  if (error.status === 0) return t("say.failed", { detail: error.detail });
  return t("say.failed", { detail: error.detail });
}

/** Whether it is not known if the server heard: it was asked, and did not answer. */
export function isUnsure(error: unknown): boolean {
  return error instanceof ServerError && error.status === 0;
}
