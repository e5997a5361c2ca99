/** What the server says of one thing, asked again when the thing changes. */

import { useEffect, useState } from "preact/hooks";
import { link } from "../../model/picture";
import { get, ServerError } from "../../model/server";

export interface Answer<T> {
  readonly value: T | null;
  readonly error: ServerError | null;
  readonly asking: boolean;
}

/**
 * GET a path; null asks nothing. `revision` asks again while the old answer stays shown. What the
 * link's loss interrupted is asked again when it is back.
 */
export function useAnswer<T>(path: string | null, revision: unknown = 0): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { path: string | null }>({
    path,
    value: null,
    error: null,
    asking: path !== null,
  });
  const live = link.value.state === "live";
  useEffect(() => {
    if (path === null || !live) return undefined;
    let wanted = true;
    setAnswer((old) => ({ path, value: old.path === path ? old.value : null, error: null, asking: true }));
    get<T>(path).then(
      (value) => wanted && setAnswer({ path, value, error: null, asking: false }),
      (error: unknown) => {
        if (!wanted) return;
        const said = error instanceof ServerError ? error : new ServerError(0, String(error));
        setAnswer((old) => ({ ...old, path, error: said, asking: false }));
      },
    );
    return () => {
      wanted = false;
    };
  }, [path, revision, live]);
  return answer.path === path ? answer : { value: null, error: null, asking: path !== null };
}
